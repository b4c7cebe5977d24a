import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { quiet } from "../io.ts";
import type { Io } from "../ports.ts";
import type { SourceFlags } from "../sources/open-source.ts";
import { AnsweringTransport } from "./answering-transport.ts";
import { createServer } from "./create-server.ts";

/** Answers until the client has closed stdin and has every answer. Nothing but the protocol goes to stdout. */
export async function runMcp(flags: SourceFlags, io: Io): Promise<ExitCode> {
  const transport = new AnsweringTransport(process.stdin);
  // Notes for people would fill the client's log with the same line for each question.
  serveStdio(() => createServer(flags, quiet(io)), {
    transport,
    onerror: (error: NodeJS.ErrnoException) => {
      // A client that has gone is told nothing more.
      if (error.code !== "EPIPE") io.stderr.write(`spancost mcp: ${error.message}\n`);
    },
  });
  await transport.closed;
  return exitCodes.ok;
}
