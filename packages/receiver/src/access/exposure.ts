import { isIPv4 } from "node:net";

/** How a receiver is about to be reached. */
export interface Exposure {
  /** The address that it listens on. */
  readonly host: string;
  /** The flag that chose it, such as `host`. */
  readonly hostFlag: string;
  /** Whether tokens are asked for. */
  readonly tokens: boolean;
  readonly tls: boolean;
  /** Whether TLS asks for a certificate of the client, which stands in for a token. */
  readonly clientCertificates: boolean;
  /** Whether somebody said that all this is taken care of. */
  readonly insecure: boolean;
}

/**
 * Why a receiver must not be reached like this, and what to type instead; `undefined` where it may.
 *
 * Only this machine may reach one that asks for no tokens, or that lets them be read on the way.
 */
export function unsafeExposure(exposure: Exposure): string | undefined {
  const { host, hostFlag, tls, insecure } = exposure;
  if (insecure || isLoopback(host)) return undefined;
  const authenticates = exposure.tokens || (tls && exposure.clientCertificates);
  if (authenticates && tls) return undefined;
  const missing = [...(authenticates ? [] : ["tokens"]), ...(tls ? [] : ["TLS"])].join(" and ");
  const makeToken = authenticates ? "" : "\n  spancost token NAME >> tokens.txt";
  return (
    `--${hostFlag} ${host} lets other machines in, which needs ${missing}:${makeToken}\n` +
    // All of it, for who pastes this line in place of the one that was typed.
    `  spancost serve --${hostFlag} ${host} --tokens tokens.txt --tls-cert cert.pem --tls-key key.pem\n` +
    "Add --insecure instead where something in front takes care of both, such as a proxy or a closed network."
  );
}

/** Whether only this machine reaches what listens on `host`. A name other than localhost may mean anything. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (isIPv4(name)) return name.startsWith("127.");
  return name === "localhost" || name === "::1" || /^::ffff:127\./.test(name);
}
