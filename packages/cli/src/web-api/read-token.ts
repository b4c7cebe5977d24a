import type { IncomingMessage } from "node:http";

/**
 * The token of a request: of `Authorization: Bearer TOKEN`, or the password of `Basic`, which is what browsers ask
 * their user for; `undefined` where there is none.
 */
export function readToken(request: Pick<IncomingMessage, "headers">): string | undefined {
  const [, scheme, credentials] =
    /^(bearer|basic) +([^\s]+)\s*$/i.exec(request.headers.authorization ?? "") ?? [];
  if (scheme === undefined || credentials === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return credentials;
  // https://datatracker.ietf.org/doc/html/rfc7617: the user ends at the first colon, a password may have more.
  const [, password] =
    /^[^:]*:([\s\S]+)$/.exec(Buffer.from(credentials, "base64").toString()) ?? [];
  return password;
}

/** What a request without a token that fits is answered with: both ways to send one. */
export const challenges = ['Bearer realm="spancost"', 'Basic realm="spancost", charset="UTF-8"'];
