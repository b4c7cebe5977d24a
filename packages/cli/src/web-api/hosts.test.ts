import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { isAllowedHost } from "./hosts.ts";

describe("is answered:", () => {
  test.each([
    "localhost",
    "localhost:4319",
    "LOCALHOST:4319",
    "spancost.localhost",
    "127.0.0.1:4319",
    "10.1.2.3",
    "[::1]:4319",
    "localhost.",
    `${hostname()}:4319`,
    "cost.example.com:4319",
  ])("%s", (header) => {
    expect(isAllowedHost(header, ["Cost.example.com"])).toBe(true);
  });
});

describe("is not:", () => {
  test.each([
    undefined,
    "",
    "evil.example",
    "evil.example:4319",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil@localhost",
    "localhost:4319:1",
    "notlocalhost",
    "[evil.example]",
  ])("%s", (header) => {
    expect(isAllowedHost(header, ["cost.example.com"])).toBe(false);
  });
});
