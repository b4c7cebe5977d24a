import { isIP } from "node:net";
import { hostname } from "node:os";

/**
 * Whether a request may name this host in its `Host` header.
 *
 * A page from elsewhere can have a name of its own resolve to this machine and then read answers as if they
 * were its own (DNS rebinding). It needs a name for that: addresses are safe, and so are the names that only
 * this machine or its owner gives.
 *
 * @param header as it was sent, with or without a port
 * @param allowed names that the owner gave
 */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(header);
  if (name === undefined) return false;
  return (
    isIP(name) !== 0 ||
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === hostname().toLowerCase() ||
    allowed.some((other) => other.toLowerCase() === name)
  );
}

/** Without its port, and an IPv6 address without its brackets. */
function hostName(header: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:/@]+))(?::\d+)?$/.exec(header ?? "") ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, "");
}
