import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { quiet } from "../io.ts";
import type { Io } from "../ports.ts";
import type { SourceFlags } from "../sources/open-source.ts";
import { createServer } from "./create-server.ts";

/** Answers until the client closes stdin. Nothing but the protocol goes to stdout. */
export async function runMcp(flags: SourceFlags, io: Io): Promise<ExitCode> {
  // A file or a device that is read to its end is not closed, and a pipe may be closed without an end.
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
  });
  // Notes for people would fill the client's log with the same line for each question.
  serveStdio(() => createServer(flags, quiet(io)), {
    onerror: (error) => io.stderr.write(`spancost mcp: ${error.message}\n`),
  });
  await ended;
  return exitCodes.ok;
}
