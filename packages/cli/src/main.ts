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

// An empty variable is none: so a compose file hands on what is not set.
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith("SPANCOST_") && value === "") delete process.env[name];
}

process.exitCode = await run(process.argv.slice(2), processIo());
