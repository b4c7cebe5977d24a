import { readFileSync } from "node:fs";
import {
  parseTokens,
  type TlsOptions,
  TokenBook,
  TokenFileError,
  unsafeExposure,
} from "@spancost/receiver";
import type { ServeFlags } from "../commands/serve.ts";
import { CommandError } from "../errors.ts";

/** Who may send, and over what. */
export interface Access {
  readonly tokens: TokenBook | undefined;
  readonly tls: TlsOptions | undefined;
}

/** @throws CommandError where a file cannot be used, or others could send without being known */
export function accessOf(flags: ServeFlags): Access {
  const tokens = flags.tokens === undefined ? undefined : tokensIn(flags.tokens);
  const tls = tlsOf(flags);
  const unsafe = unsafeExposure({
    host: flags.host,
    hostFlag: "host",
    tokens: tokens !== undefined,
    tls: tls !== undefined,
    clientCertificates: tls?.clientCa !== undefined,
    insecure: flags.insecure ?? false,
  });
  if (unsafe !== undefined) throw new CommandError(unsafe);
  return { tokens, tls };
}

function tokensIn(file: string): TokenBook {
  try {
    return new TokenBook(parseTokens(textOf("tokens", file)));
  } catch (error) {
    if (error instanceof TokenFileError) throw new CommandError(`${file}: ${error.message}`);
    throw error;
  }
}

function tlsOf({ tlsCert, tlsKey, tlsClientCa }: ServeFlags): TlsOptions | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandError("TLS needs both: --tls-cert cert.pem --tls-key key.pem");
  }
  return {
    cert: textOf("tls-cert", tlsCert),
    key: textOf("tls-key", tlsKey),
    ...(tlsClientCa !== undefined && { clientCa: textOf("tls-client-ca", tlsClientCa) }),
  };
}

function textOf(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(`--${flag} ${file} cannot be read (${code}).`);
  }
}
