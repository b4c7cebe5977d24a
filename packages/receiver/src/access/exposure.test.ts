import { expect, test } from "vitest";
import { type Exposure, isLoopback, unsafeExposure } from "./exposure.ts";

const open: Exposure = {
  host: "0.0.0.0",
  hostFlag: "host",
  tokens: false,
  tls: false,
  clientCertificates: false,
  insecure: false,
};

test.each<[string, Partial<Exposure>]>([
  ["on loopback", { host: "127.0.0.1" }],
  ["with tokens and TLS", { tokens: true, tls: true }],
  ["with certificates of clients", { tls: true, clientCertificates: true }],
  ["because somebody says so", { insecure: true }],
])("a receiver may be reached %s", (_, fields) => {
  expect(unsafeExposure({ ...open, ...fields })).toBeUndefined();
});

test("with nothing at all, it says everything that is missing and what to type", () => {
  expect(unsafeExposure(open)).toBe(
    [
      "--host 0.0.0.0 lets other machines in, which needs tokens and TLS:",
      "  spancost token NAME >> tokens.txt",
      "  spancost serve --host 0.0.0.0 --tokens tokens.txt --tls-cert cert.pem --tls-key key.pem",
      "Add --insecure instead where something in front takes care of both, such as a proxy or a closed network.",
    ].join("\n"),
  );
});

test("it says only what is missing, and a line to type that has what was there too", () => {
  expect(unsafeExposure({ ...open, tokens: true })).toMatch(
    /needs TLS:\n {2}spancost serve --host 0\.0\.0\.0 --tokens tokens\.txt --tls-cert/,
  );
  expect(unsafeExposure({ ...open, tls: true, hostFlag: "web-host" })).toMatch(
    /^--web-host .* needs tokens:\n {2}spancost token NAME/,
  );
});

test.each([
  ["127.0.0.1", true],
  ["127.8.0.1", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["::1", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.7", false],
  ["127.evil.example", false],
  ["localhost.evil.example", false],
  ["", false],
])("only this machine reaches %j: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
