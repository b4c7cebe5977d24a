import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { failureBody } from "./answer.ts";
import { mediaTypes } from "./request.ts";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** Answers what is not HTTP, or comes too slowly, with a status and a body like all other errors, and hangs up. */
export function answerClientErrors(server: Server): void {
  const exchanges = new WeakMap<Duplex, Exchange>();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const exchange = { request, response };
    exchanges.set(request.socket, exchange);
    response.once("close", () => {
      if (exchanges.get(request.socket) === exchange) exchanges.delete(request.socket);
    });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const exchange = exchanges.get(socket);
    if (exchange?.request.complete) {
      // The fault is in what follows a whole request: that one is still answered.
      exchange.response.once("close", () => socket.destroy());
    } else if (error.code === "ECONNRESET" || !socket.writable || exchange?.response.headersSent) {
      socket.destroy();
    } else {
      socket.end(rawAnswer(statusOf(error)), () => socket.destroy());
    }
  });
}

function statusOf(error: NodeJS.ErrnoException): number {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  return error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
}

function rawAnswer(status: number): string {
  const reason = reasons[status] ?? "";
  const body = Buffer.from(failureBody("json", status, reason)).toString();
  return [
    `HTTP/1.1 ${status} ${reason}`,
    "Connection: close",
    `Content-Type: ${mediaTypes.json}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
