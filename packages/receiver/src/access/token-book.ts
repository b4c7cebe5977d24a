import { createHash, timingSafeEqual } from "node:crypto";
import type { Scope, Token } from "./token.ts";

/** Why a request may not do what it asks for. */
export interface Denied {
  /** 401: who asks is not known. 403: known, but not allowed. */
  readonly status: 401 | 403;
  readonly message: string;
}

interface Entry {
  readonly digest: Buffer;
  readonly token: Token;
}

/** The tokens that are known. They can be replaced while it is in use. */
export class TokenBook {
  #entries: readonly Entry[] = [];

  constructor(tokens: readonly Token[]) {
    this.replace(tokens);
  }

  /** From now on, only `tokens` are known. */
  replace(tokens: readonly Token[]): void {
    this.#entries = tokens.map((token) => ({ digest: Buffer.from(token.sha256, "hex"), token }));
  }

  /**
   * The token that an `Authorization` header brings, if it allows `scope` at `now`; else why not.
   *
   * Every digest is compared, and in constant time: how long it takes tells nothing of the tokens.
   * @param now milliseconds since 1970
   */
  check(authorization: string | undefined, scope: Scope, now: number): Token | Denied {
    const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (bearer === undefined) {
      return { status: 401, message: "a token is needed: Authorization: Bearer TOKEN" };
    }
    const digest = createHash("sha256").update(bearer).digest();
    let found: Token | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, digest)) found = entry.token;
    }
    if (found === undefined) return { status: 401, message: "the token is not known here" };
    const { expiresAt } = found;
    if (expiresAt !== undefined && expiresAt <= now) {
      return { status: 401, message: "the token has expired" };
    }
    if (found.scopes.includes(scope)) return found;
    return { status: 403, message: `the token does not allow to ${scope}` };
  }
}

/** Whether `checked` is a refusal. */
export function isDenied(checked: Token | Denied): checked is Denied {
  return "status" in checked;
}
