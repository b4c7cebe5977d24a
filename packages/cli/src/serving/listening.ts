import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { CommandError } from "../errors.ts";

/** Where to listen, and the flags by which somebody chose it. */
export interface Address {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly hostFlag: string;
  readonly portFlag: string;
}

/**
 * Has `server` listen.
 *
 * @returns the port
 * @throws CommandError that names the flag to change, where the address cannot be used
 */
export async function listenAt(
  { host, port, hostFlag, portFlag }: Address,
  server: { listen(host: string, port: number): Promise<AddressInfo> },
): Promise<number> {
  try {
    return (await server.listen(host, port)).port;
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case "EADDRINUSE":
        throw new CommandError(
          `port ${port} of ${host} is taken, perhaps by another receiver or a Collector. ` +
            `Choose another one with --${portFlag}, or have free ones: --http-port 0 --grpc-port 0 --web-port 0.`,
        );
      case "EACCES":
        throw new CommandError(
          `port ${port} of ${host} needs rights that this process lacks. ` +
            `Choose one above 1023 with --${portFlag}.`,
        );
      case "EADDRNOTAVAIL":
      case "ENOTFOUND":
        throw new CommandError(
          `${host} is no address of this machine. Choose one with --${hostFlag}.`,
        );
      default:
        throw error;
    }
  }
}

/** Addresses that mean all of a machine's. */
const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** An address for others: of one that means all, this machine's name. */
export function urlForOthers(host: string, port: number, isTls: boolean): string {
  return urlOf(everywhere.has(host) ? hostname() : host, port, isTls);
}

/** An address for programs on this machine. */
export function urlForThisMachine(host: string, port: number, isTls: boolean): string {
  return urlOf(everywhere.has(host) ? "127.0.0.1" : host, port, isTls);
}

function urlOf(host: string, port: number, isTls: boolean): string {
  return `http${isTls ? "s" : ""}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
