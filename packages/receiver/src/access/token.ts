import { createHash, randomBytes } from "node:crypto";

/** What a token allows: to send spans, or to ask questions. */
export type Scope = "write" | "read";

export const scopes: readonly Scope[] = ["write", "read"];

/** A token as it is kept: never itself, only its digest. */
export interface Token {
  /** For people: in logs, and as the name of whoever sends with it. */
  readonly name: string;
  /** Of the token's UTF-8 bytes, 64 lower-case hex digits. */
  readonly sha256: string;
  readonly scopes: readonly Scope[];
  /** The team that everything sent with it belongs to. `undefined` leaves that to the spans. */
  readonly team: string | undefined;
  /** When it stops to work, in milliseconds since 1970. `undefined` for never. */
  readonly expiresAt: number | undefined;
  /** Bytes of spans, once inflated, that may be sent with it per second. `undefined` for any number. */
  readonly bytesPerSecond: number | undefined;
}

/** A new token: 256 random bits, so that its digest needs no salt. Begins with letters that scanners can find. */
export function newToken(): string {
  return `spancost_${randomBytes(32).toString("base64url")}`;
}

/** The digest by which a token is kept. */
export function sha256Of(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
