import type { IncomingMessage, ServerResponse } from "node:http";
import { toJson } from "../envelope/write-json.ts";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { challenges } from "./read-token.ts";

/** What a page from here may load and run: its own files, and no text of a span as markup or code. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Nothing from elsewhere is loaded, nobody else frames it, reads it or keeps it. */
export const safetyHeaders = {
  "Content-Security-Policy": contentSecurityPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
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

  /** Headers that belong to the status. */
  get headers(): Readonly<Record<string, string | readonly string[]>> {
    switch (this.status) {
      case 401:
        return { "WWW-Authenticate": challenges };
      case 405:
        return { Allow: "GET, HEAD" };
      case 503:
        return { "Retry-After": "2" };
      default:
        return {};
    }
  }
}

export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...safetyHeaders,
    ...headers,
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
  const headers = error instanceof HttpError ? error.headers : {};
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(request, response, status, {
    schema: "spancost/error@1",
    error: { exit_code: error.exitCode, message: error.message },
  });
}
