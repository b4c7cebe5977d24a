import type { AddressInfo, Server } from "node:net";

/** What listens on one port. */
export interface Listener {
  /** Starts to listen; `port` 0 takes a free one. Rejects with the system's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<AddressInfo>;
}

/**
 * Has `server` listen.
 *
 * @param onError told of each connection that cannot be accepted, such as for want of file descriptors
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  onError: (error: unknown) => void,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      server.on("error", onError);
      resolve(server.address() as AddressInfo);
    });
  });
}
