import type { IncomingMessage, ServerResponse } from "node:http";
import { toJson } from "../envelope/write-json.ts";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";

/** Nothing from elsewhere is loaded, nothing runs, nobody frames it, nobody keeps it. */
const safetyHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
} as const;

/** A request that is answered with an error of HTTP's own. */
export class HttpError extends CommandError {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...safetyHeaders,
    "Content-Type": type,
    "Content-Length": body.byteLength,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: Parameters<typeof toJson>[0],
): void {
  send(request, response, status, "application/json", `${toJson(value)}\n`);
}

/** Headers of an answer that is sent piece by piece. */
export function streamHeaders(type: string, bytes: number): Record<string, string | number> {
  return { ...safetyHeaders, "Content-Type": type, "Content-Length": bytes };
}

const statuses: Readonly<Record<ExitCode, number>> = {
  [exitCodes.ok]: 200,
  [exitCodes.failure]: 422,
  [exitCodes.usage]: 400,
  [exitCodes.noData]: 404,
  [exitCodes.breached]: 200,
  [exitCodes.interrupted]: 503,
};

/** The error with the exit code that the command would have, so that a command that asked ends with it. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: CommandError,
): void {
  const status = error instanceof HttpError ? error.status : statuses[error.exitCode];
  sendJson(request, response, status, {
    schema: "spancost/error@1",
    error: { exit_code: error.exitCode, message: error.message },
  });
}
