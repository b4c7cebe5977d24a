import { createSecureContext, type SecureContextOptions } from "node:tls";
import {
  newToken,
  parseTokens,
  sha256Of,
  type TlsOptions,
  type Token,
  TokenBook,
  TokenFileError,
  unsafeExposure,
} from "@spancost/receiver";
import type { ServeFlags } from "../commands/serve.ts";
import { CommandError } from "../errors.ts";
import { textOfFlag } from "../flags/flag-files.ts";

/** Who may send and ask, and over what. */
export interface Access {
  readonly tokens: TokenBook | undefined;
  readonly tls: TlsOptions | undefined;
  /** For commands on this machine, where tokens are asked for: it lives as long as the receiver. */
  readonly localToken?: string | undefined;
  /** Reads the file of tokens again. @throws CommandError, and then the tokens stay those of before */
  reload?(): void;
}

/** @throws CommandError where a file cannot be used, or others could send or read without being known */
export function accessOf(flags: ServeFlags): Access {
  const tls = tlsOf(flags);
  const exposure = {
    tokens: flags.tokens !== undefined,
    tls: tls !== undefined,
    insecure: flags.insecure ?? false,
  };
  const unsafe =
    unsafeExposure({
      ...exposure,
      host: flags.host,
      hostFlag: "host",
      clientCertificates: tls?.clientCa !== undefined,
    }) ??
    unsafeExposure({
      ...exposure,
      host: flags.webHost,
      hostFlag: "web-host",
      clientCertificates: false,
    });
  if (unsafe !== undefined) throw new CommandError(unsafe);
  const file = flags.tokens;
  if (file === undefined) return { tokens: undefined, tls };
  const localToken = newToken();
  const ofThisMachine: Token = {
    name: "this-machine",
    sha256: sha256Of(localToken),
    scopes: ["write", "read"],
    team: undefined,
    expiresAt: undefined,
    bytesPerSecond: undefined,
  };
  const read = () => [...tokensIn(file), ofThisMachine];
  const tokens = new TokenBook(read());
  return { tokens, tls, localToken, reload: () => tokens.replace(read()) };
}

function tokensIn(file: string): Token[] {
  try {
    return parseTokens(textOfFlag("tokens", file));
  } catch (error) {
    if (error instanceof TokenFileError) throw new CommandError(`${file}, ${error.message}`);
    throw error;
  }
}

function tlsOf({ tlsCert, tlsKey, tlsClientCa }: ServeFlags): TlsOptions | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandError("TLS needs both: --tls-cert cert.pem --tls-key key.pem");
  }
  const cert = textOfFlag("tls-cert", tlsCert);
  const key = textOfFlag("tls-key", tlsKey);
  checkTls({ cert }, `--tls-cert ${tlsCert} is no certificate in PEM`);
  checkTls({ key }, `--tls-key ${tlsKey} is no private key in PEM that can be used here`);
  checkTls({ cert, key }, `--tls-key ${tlsKey} is not the key of --tls-cert ${tlsCert}`);
  if (tlsClientCa === undefined) return { cert, key };
  const clientCa = textOfFlag("tls-client-ca", tlsClientCa);
  checkTls({ cert: clientCa }, `--tls-client-ca ${tlsClientCa} is no certificate in PEM`);
  return { cert, key, clientCa };
}

/** @throws CommandError with OpenSSL's own reason behind `problem` */
function checkTls(material: SecureContextOptions, problem: string): void {
  try {
    createSecureContext(material);
  } catch (error) {
    throw new CommandError(`${problem}: ${error instanceof Error ? error.message : error}.`);
  }
}
