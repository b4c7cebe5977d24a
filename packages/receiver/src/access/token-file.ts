import { type Scope, scopes, type Token } from "./token.ts";

/** A file of tokens that cannot be used. Its message names line and field, and never what stands there. */
export class TokenFileError extends Error {
  override readonly name = "TokenFileError";
  /** From 1. */
  readonly line: number;

  constructor(problem: string, line: number) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

/** What is read after the digest, in the order in which it is written. */
const optionNames = ["team", "expires", "bytes_per_second"] as const;
type OptionName = (typeof optionNames)[number];

const digestForm = /^sha256:([0-9a-f]{64})$/;

/**
 * Reads a file of tokens: one a line, fields between blanks, `#` begins a comment.
 *
 * ```
 * # name      scopes      digest          options
 * support-api write       sha256:9f86d0…  team=support bytes_per_second=5000000
 * grafana     read        sha256:60303a…  expires=2027-01-31
 * ```
 *
 * @throws TokenFileError
 */
export function parseTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fields = line
      .replace(/(^|\s)#.*$/, "")
      .split(/\s+/)
      .filter((field) => field !== "");
    if (fields.length === 0) continue;
    const token = parseToken(fields, index + 1);
    for (const key of [token.name, token.sha256]) {
      const earlier = lineOf.get(key);
      if (earlier !== undefined) {
        const what = key === token.name ? "the name" : "the token";
        throw new TokenFileError(`${what} is that of line ${earlier} already`, index + 1);
      }
      lineOf.set(key, index + 1);
    }
    tokens.push(token);
  }
  return tokens;
}

/** The line of a file that stands for `token`. */
export function formatToken(token: Token): string {
  const { name, sha256, team, expiresAt, bytesPerSecond } = token;
  const fields = [name, token.scopes.join(","), `sha256:${sha256}`];
  if (team !== undefined) fields.push(`team=${team}`);
  if (expiresAt !== undefined) fields.push(`expires=${new Date(expiresAt).toISOString()}`);
  if (bytesPerSecond !== undefined) fields.push(`bytes_per_second=${bytesPerSecond}`);
  return fields.join(" ");
}

function parseToken(fields: readonly string[], line: number): Token {
  const [name = "", scopeList = "", digest = "", ...options] = fields;
  if (!/^[\w.:@/-]{1,64}$/.test(name)) {
    throw new TokenFileError("the name is not 1 to 64 letters, digits or . : @ / _ -", line);
  }
  const sha256 = digestForm.exec(digest)?.[1];
  if (sha256 === undefined) {
    throw new TokenFileError(
      "the third field is not sha256: and 64 hex digits; 'spancost token NAME' makes such a line",
      line,
    );
  }
  const given = parseOptions(options, line);
  return {
    name,
    sha256,
    scopes: parseScopes(scopeList, line),
    team: given.get("team"),
    expiresAt: parseInstant(given.get("expires"), line),
    bytesPerSecond: parseRate(given.get("bytes_per_second"), line),
  };
}

function parseScopes(list: string, line: number): Scope[] {
  const named = list.split(",");
  const known = scopes.filter((scope) => named.includes(scope));
  if (known.length === 0 || known.length !== named.length) {
    throw new TokenFileError("the second field is none of write, read, and write,read", line);
  }
  return known;
}

function parseOptions(options: readonly string[], line: number): Map<OptionName, string> {
  const given = new Map<OptionName, string>();
  for (const option of options) {
    const at = option.indexOf("=");
    const name = optionNames.find((known) => known === option.slice(0, at));
    const value = option.slice(at + 1);
    if (name === undefined || value === "") {
      throw new TokenFileError(
        `what follows the digest is ${optionNames.map((known) => `${known}=…`).join(", ")}, without blanks`,
        line,
      );
    }
    if (given.has(name)) throw new TokenFileError(`${name} stands there twice`, line);
    given.set(name, value);
  }
  return given;
}

function parseInstant(text: string | undefined, line: number): number | undefined {
  if (text === undefined) return undefined;
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/.test(text);
  const instant = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new TokenFileError("expires is no date such as 2027-01-31 or 2027-01-31T12:00Z", line);
  }
  return instant;
}

function parseRate(text: string | undefined, line: number): number | undefined {
  if (text === undefined) return undefined;
  const rate = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (rate === 0) {
    throw new TokenFileError("bytes_per_second is no whole number from 1", line);
  }
  return rate;
}
