import { sha256Of, type Token } from "../access/token.ts";

/** A token that may write, called `name`, whose secret is `secret-of-NAME`. */
export function testToken(name: string, fields: Partial<Token> = {}): Token {
  return {
    name,
    sha256: sha256Of(`secret-of-${name}`),
    scopes: ["write"],
    team: undefined,
    expiresAt: undefined,
    bytesPerSecond: undefined,
    ...fields,
  };
}

/** The header by which a request shows the token called `name`. */
export function bearer(name: string): { authorization: string } {
  return { authorization: `Bearer secret-of-${name}` };
}
