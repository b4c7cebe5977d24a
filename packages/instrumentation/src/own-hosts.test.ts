import { describe, expect, test } from "vitest";
import { isListedHost, isPrivateHost } from "./own-hosts.ts";

describe("hosts in the service's own network", () => {
  test.each([
    "orders",
    "localhost",
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9",
    "172.31.255.1",
    "192.168.1.1",
    "[::1]",
    "fd12:3456::1",
    "orders.svc.cluster.local",
    "orders.shop.svc",
    "api.internal",
    "Printer.Local.",
  ])("%s is one", (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });

  test.each([
    "api.openai.com",
    "api.anthropic.com",
    "bedrock-runtime.eu-west-1.amazonaws.com",
    "example.internal.com",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "169.254.169.254",
    "2001:db8::1",
    "::ffff:8.8.8.8",
    "",
    ".",
  ])("%s is none", (host) => {
    expect(isPrivateHost(host)).toBe(false);
  });
});

test("a listed name is that host, and with *. all below it", () => {
  const listed = ["*.example.com", "api.partner.org"];
  expect(
    ["a.example.com", "A.B.Example.com", "api.partner.org"].map((host) =>
      isListedHost(host, listed),
    ),
  ).toEqual([true, true, true]);
  expect(
    ["example.com", "evil-example.com", "x.api.partner.org", "example.com.evil.org"].map((host) =>
      isListedHost(host, listed),
    ),
  ).toEqual([false, false, false, false]);
});
