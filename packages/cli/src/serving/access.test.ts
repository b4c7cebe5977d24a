import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Authority } from "../../../receiver/src/testing/certificates.ts";
import type { ServeFlags } from "../commands/serve.ts";
import { accessOf } from "./access.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-access-"));
  const authority = new Authority("an authority");
  const [one, other] = [authority.issue("one"), authority.issue("another")];
  writeFileSync(join(folder, "cert.pem"), one.cert);
  writeFileSync(join(folder, "key.pem"), one.key);
  writeFileSync(join(folder, "other-key.pem"), other.key);
});
afterAll(() => rmSync(folder, { recursive: true }));

const local = { host: "127.0.0.1", webHost: "127.0.0.1" };

function access(tlsCert: string, tlsKey: string, tlsClientCa?: string) {
  const flags = {
    ...local,
    tlsCert: join(folder, tlsCert),
    tlsKey: join(folder, tlsKey),
    ...(tlsClientCa !== undefined && { tlsClientCa: join(folder, tlsClientCa) }),
  };
  return accessOf(flags as unknown as ServeFlags);
}

test("a certificate with its key is taken", () => {
  expect(access("cert.pem", "key.pem", "cert.pem").tls?.cert).toContain("BEGIN CERTIFICATE");
});

test.each([
  [
    "the two the wrong way round",
    ["key.pem", "cert.pem"],
    "--tls-cert DIR/key.pem is no certificate in PEM: ",
  ],
  [
    "no key",
    ["cert.pem", "cert.pem"],
    "--tls-key DIR/cert.pem is no private key in PEM that can be used here: ",
  ],
  [
    "the key of another certificate",
    ["cert.pem", "other-key.pem"],
    "--tls-key DIR/other-key.pem is not the key of --tls-cert DIR/cert.pem: ",
  ],
  [
    "an authority that is none",
    ["cert.pem", "key.pem", "key.pem"],
    "--tls-client-ca DIR/key.pem is no certificate in PEM: ",
  ],
] as const)("of %s it is told which file is not what its flag takes", (_, files, message) => {
  const [cert, key, authority] = files;
  expect(() => access(cert, key, authority)).toThrow(message.replaceAll("DIR", folder));
});
