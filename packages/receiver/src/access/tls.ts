import type { TlsOptions as NodeTlsOptions, SecureContextOptions } from "node:tls";

/** What a receiver shows, and may ask for, before anything is said. All in PEM. */
export interface TlsOptions {
  /** The certificate, followed by those that lead to the authority. */
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** The authority that must have signed the certificate of every client. `undefined` asks for none. */
  readonly clientCa?: string | Buffer;
}

/** Milliseconds that a client may take to agree on a key. */
const handshakeMs = 10_000;

/** The same in Node's words: TLS 1.2 or newer, whatever Node is started with. */
export function nodeTlsOptions({ cert, key, clientCa }: TlsOptions): NodeTlsOptions {
  const asked: NodeTlsOptions =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const shown: SecureContextOptions = { cert, key, minVersion: "TLSv1.2" };
  return { ...shown, ...asked, handshakeTimeout: handshakeMs };
}
