import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Authority } from "../../packages/receiver/src/testing/certificates.ts";
import { runCommand } from "./command.ts";

const servers: Server[] = [];
let withTls: string;
let plain: string;

async function hostOf(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  withTls = await hostOf(createServer(new Authority("an authority").issue("a receiver")));
  plain = await hostOf(createPlainServer());
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function said(url: string): Promise<string> {
  return (await runCommand(tmpdir(), ["top", "--url", url])).stderr.trim();
}

test("whoever asks with TLS where there is none, or the other way round, is told the address", async () => {
  expect(await said(`http://${withTls}`)).toBe(
    `spancost: http://${withTls} hung up (ECONNRESET). Does it speak TLS? Then ask https://${withTls}.`,
  );
  expect(await said(`https://${plain}`)).toBe(
    `spancost: https://${plain} does not speak TLS (EPROTO). Ask http://${plain}.`,
  );
});

test("a certificate that nobody here knows can be named", async () => {
  expect(await said(`https://${withTls}`)).toBe(
    `spancost: the certificate of https://${withTls} is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). ` +
      "Name it, or the authority that signed it: NODE_EXTRA_CA_CERTS=cert.pem; and ask by a name that stands in it.",
  );
});
