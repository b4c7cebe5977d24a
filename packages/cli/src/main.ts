import "./thread-pool.ts";
import { processIo } from "./io.ts";
import { run } from "./run.ts";

// `spancost … | head` closes the pipe early, which is no failure: what is written after that is nobody's, and a
// receiver goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), processIo());
