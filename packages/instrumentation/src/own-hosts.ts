import { isIP } from "node:net";

/** Endings that only private networks use: RFC 6762, RFC 8375, the reserved "internal", and Kubernetes' own. */
const privateEndings = [".local", ".internal", ".localhost", ".home.arpa", ".lan", ".svc"];

/** 10/8, 127/8, 172.16/12, 192.168/16. Not 169.254/16, where clouds answer for the machine itself. */
const privateIpv4 = /^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./;

/** ::1 and the unique local addresses, fc00::/7. */
const privateIpv6 = /^(::1$|f[cd])/i;

/** True for a host that is in the service's own network, as far as its name can tell. */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  const version = isIP(name);
  if (version === 4) return privateIpv4.test(name);
  if (version === 6) return privateIpv6.test(name);
  return (
    name !== "" && (!name.includes(".") || privateEndings.some((ending) => name.endsWith(ending)))
  );
}

/** True where `host` is one of `patterns`: a name, or "*." and a name for all below it. */
export function isListedHost(host: string, patterns: readonly string[]): boolean {
  const name = host.toLowerCase();
  return patterns.some((pattern) => {
    const listed = pattern.toLowerCase();
    return listed.startsWith("*.") ? name.endsWith(listed.slice(1)) : name === listed;
  });
}
