import { expect, test } from "vitest";
import { newToken, sha256Of } from "./token.ts";
import { formatToken, parseTokens, TokenFileError } from "./token-file.ts";

const digest = sha256Of("a token");
const other = sha256Of("another");

test("a file of tokens is read, with comments and blank lines", () => {
  const text = [
    "# who may send",
    "",
    `support-api  write       sha256:${digest}  team=support bytes_per_second=5000000 # the API`,
    `grafana\tread,write\tsha256:${other}\texpires=2027-01-31`,
  ].join("\r\n");
  expect(parseTokens(text)).toEqual([
    {
      name: "support-api",
      sha256: digest,
      scopes: ["write"],
      team: "support",
      expiresAt: undefined,
      bytesPerSecond: 5_000_000,
    },
    {
      name: "grafana",
      sha256: other,
      scopes: ["write", "read"],
      team: undefined,
      expiresAt: Date.UTC(2027, 0, 31),
      bytesPerSecond: undefined,
    },
  ]);
});

test("what is written is read again", () => {
  const tokens = parseTokens(
    `a write sha256:${digest} team=x expires=2027-01-31T10:00:00.000Z bytes_per_second=7`,
  );
  expect(parseTokens(tokens.map(formatToken).join("\n"))).toEqual(tokens);
});

test("new tokens are long, and never the same", () => {
  const tokens = Array.from({ length: 100 }, newToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^spancost_[\w-]{43}$/);
});

test.each([
  [`a write ${digest}`, "the third field is not sha256: and 64 hex digits"],
  ["a write", "the third field is not sha256: and 64 hex digits"],
  ["a write spancost_secret", "the third field is not sha256: and 64 hex digits"],
  [`a admin sha256:${digest}`, "the second field is none of write, read, and write,read"],
  [`a write, sha256:${digest}`, "the second field is none of write, read, and write,read"],
  [`"a" write sha256:${digest}`, "the name is not 1 to 64 letters"],
  [`a write sha256:${digest} color=red`, "what follows the digest is team=…, expires=…"],
  [`a write sha256:${digest} team=`, "what follows the digest is team=…, expires=…"],
  [`a write sha256:${digest} team=a team=b`, "team stands there twice"],
  [`a write sha256:${digest} expires=soon`, "expires is no date such as 2027-01-31"],
  [`a write sha256:${digest} expires=2027-13-45`, "expires is no date such as 2027-01-31"],
  [`a write sha256:${digest} bytes_per_second=0`, "bytes_per_second is no whole number from 1"],
  [`a write sha256:${digest} bytes_per_second=5MB`, "bytes_per_second is no whole number from 1"],
  [`first write sha256:${other}`, "the name is that of line 1 already"],
  [`second write sha256:${digest.replace(/./g, "0")}`, "the token is that of line 1 already"],
])("%j is refused with its line, and what stands there is not said", (line, problem) => {
  const first = `first write sha256:${"0".repeat(64)}`;
  let error: unknown;
  try {
    parseTokens(`${first}\n${line}`);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(TokenFileError);
  const { message } = error as TokenFileError;
  expect(message).toContain(`line 2: ${problem}`);
  expect(message).not.toContain("secret");
  expect(message).not.toContain(digest);
});
