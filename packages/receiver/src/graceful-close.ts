import type { IncomingMessage, Server, ServerResponse } from "node:http";

/**
 * A function that closes `server`: it takes no more connections, and resolves once the requests in flight are
 * answered, or cut off after so many milliseconds.
 *
 * Their answers tell the sender to close, or it would send its next batch into a connection that ends.
 */
export function gracefulClose(server: Server): (withinMs: number) => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  let closed: Promise<void> | undefined;
  server.on("request", (_request: IncomingMessage, response: ServerResponse) => {
    inFlight.add(response);
    response.once("close", () => inFlight.delete(response));
    if (closed !== undefined) response.setHeader("Connection", "close");
  });
  const close = (withinMs: number) =>
    new Promise<void>((resolve) => {
      const cutOff = setTimeout(() => server.closeAllConnections(), withinMs);
      // One that is still sending what was refused already is idle only after that.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      for (const response of inFlight) {
        if (!response.headersSent) response.setHeader("Connection", "close");
      }
      server.close(() => {
        clearTimeout(cutOff);
        clearInterval(idle);
        resolve();
      });
      server.closeIdleConnections();
    });
  return (withinMs) => {
    closed ??= close(withinMs);
    return closed;
  };
}
