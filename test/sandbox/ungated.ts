// Runs statements as they come on a copy that is opened as the sandbox opens it, without the gate before it, each
// on one that is opened anew: logging to a file that may not be written fails whatever is asked after it. Tells of
// each what became of it.
import { openCopy } from "../../packages/store/src/sandbox/open-copy.ts";

process.once("message", async (statements) => {
  for (const sql of statements as readonly string[]) {
    const instance = await openCopy(process.argv[2] ?? "", { engineMegabytes: 256, threads: 1 });
    const connection = await instance.connect();
    const report = await connection.runAndReadUntil(sql, 100).then(
      () => "answered",
      () => "refused",
    );
    process.send?.(report);
    connection.closeSync();
    instance.closeSync();
  }
  process.disconnect();
});
