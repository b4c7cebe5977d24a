import { isIPv6 } from "node:net";

/**
 * Addresses that are taken for one sender: an IPv4 address, or the 64 bits of an IPv6 one that name its network.
 * A machine has all addresses of such a network for its own.
 */
export function addressGroup(address: string | undefined): string {
  if (address === undefined) return "an unknown address";
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [before = "", after] = plain.split("%", 1)[0]?.split("::") ?? [];
  const head = before.split(":").filter((group) => group !== "");
  const tail = (after ?? "").split(":").filter((group) => group !== "");
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  const network = [...head, ...(after === undefined ? [] : zeros), ...tail].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
