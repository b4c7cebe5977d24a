import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { dropReasons } from "../../packages/receiver/src/forwarding/counters.ts";
import { Endpoint, firstly, numberOf, ok, status } from "./fake-endpoint.ts";
import { Forwarding, requestOf } from "./forwarding.ts";
import { valuesOf } from "./otlp.ts";

const endpoints: Endpoint[] = [];
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.stop();
});

async function endpointThat(...answer: Parameters<typeof Endpoint.start>): Promise<Endpoint> {
  const endpoint = await Endpoint.start(...answer);
  endpoints.push(endpoint);
  return endpoint;
}

const soon = { timeout: 20_000, interval: 10 };

function lost(counters: Forwarding["counters"]): Record<string, number> {
  return Object.fromEntries(Object.entries(counters.droppedSpans).filter(([, spans]) => spans > 0));
}

test("spans arrive with their cost, gzipped, under the headers that were given", async () => {
  const endpoint = await endpointThat();
  await using forwarding = new Forwarding([], {
    targets: [
      {
        address: `http://me:p%40ss@127.0.0.1:${endpoint.port}/otlp/`,
        headers: { "X-Scope-OrgID": "shop" },
        content: "keep",
      },
    ],
  });
  forwarding.offer(1, 2);
  await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(2), soon);
  const [received] = endpoint.received;
  expect(received?.path).toBe("/otlp/v1/traces");
  expect(received?.headers).toMatchObject({
    "content-type": "application/x-protobuf",
    "content-encoding": "gzip",
    "x-scope-orgid": "shop",
    authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    "spancost-hops": "1",
  });
  expect(received?.spans.map((span) => valuesOf(span, "gen_ai.usage.cost"))).toEqual([
    [0.00045],
    [0.00045],
  ]);
  expect(forwarding.counters).toMatchObject({
    destination: `http://127.0.0.1:${endpoint.port}/otlp/v1/traces`,
    sentRequests: 1,
    queuedSpans: 0,
    queuedBytes: 0,
    retries: 0,
    lastError: undefined,
  });
  expect(Object.keys(forwarding.counters.droppedSpans)).toEqual([...dropReasons]);
});

test("requests that come together go together", async () => {
  const endpoint = await endpointThat();
  await using forwarding = new Forwarding(endpoint.address);
  for (let number = 0; number < 100; number += 1) forwarding.offer(number);
  await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(100), soon);
  expect(endpoint.spanNumbers).toEqual(Array.from({ length: 100 }, (_, number) => number));
  expect(endpoint.received).toHaveLength(1);
});

test("a request that cannot be read does not take others with it", async () => {
  const endpoint = await endpointThat();
  await using forwarding = new Forwarding(endpoint.address);
  forwarding.offer(1);
  const { facts } = requestOf(7, 8, 9);
  forwarding.forwarder.offer({ body: Buffer.from([0x0a, 0x7f]), format: "protobuf", facts });
  forwarding.forwarder.offer({ body: Buffer.from("{secret"), format: "json", facts });
  forwarding.offer(2);
  await vi.waitFor(() => expect(endpoint.spanNumbers).toEqual([1, 2]), soon);
  expect(lost(forwarding.counters)).toEqual({ unreadable: 6 });
  expect(forwarding.messages.join()).toMatch(/a request cannot be rewritten: .*; its spans are dr/);
  expect(forwarding.messages.join()).not.toContain("secret");
});

describe("an endpoint that is away", () => {
  test("gets everything once it is back", async () => {
    const endpoint = await endpointThat();
    await endpoint.stop();
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(forwarding.counters.retries).toBe(1), soon);
    forwarding.offer(2);
    expect(forwarding.counters.lastError?.message).toBe(
      "nobody listens there (ECONNREFUSED); tried again later",
    );
    await endpoint.listen();
    await vi.waitFor(() => expect(endpoint.spanNumbers.toSorted()).toEqual([1, 2]), soon);
    await vi.waitFor(() => expect(forwarding.counters.queuedSpans).toBe(0), soon);
    expect(lost(forwarding.counters)).toEqual({});
    const name = `forwarding to ${endpoint.address}/v1/traces`;
    expect(forwarding.messages).toEqual([
      `${name}: nobody listens there (ECONNREFUSED); tried again later`,
      `${name}: it answers again`,
    ]);
  });

  test("does not hold up another", async () => {
    const endpoint = await endpointThat();
    await using forwarding = new Forwarding(["http://127.0.0.1:1", endpoint.address]);
    for (let number = 0; number < 20; number += 1) {
      forwarding.offer(number);
      await delay(2);
    }
    await vi.waitFor(() => expect(forwarding.forwarder.counters()[1]?.sentSpans).toBe(20), soon);
    const [away, there] = forwarding.forwarder.counters();
    expect([away?.sentSpans, away?.queuedSpans]).toEqual([0, 20]);
    expect([there?.sentSpans, there?.queuedSpans]).toEqual([20, 0]);
  });

  test("loses the oldest spans when more wait than may", async () => {
    const endpoint = await endpointThat();
    await endpoint.stop();
    await using forwarding = new Forwarding(endpoint.address, { maxQueueBytes: 8192 });
    for (let number = 0; number < 50; number += 1) {
      forwarding.offer(number);
      await vi.waitFor(() => {
        const { queuedSpans, droppedSpans } = forwarding.counters;
        expect(queuedSpans + droppedSpans.queue_full).toBe(number + 1);
      }, soon);
      expect(forwarding.counters.queuedBytes).toBeLessThanOrEqual(8192);
    }
    const { queuedSpans, droppedSpans } = forwarding.counters;
    expect(queuedSpans).toBeGreaterThan(4);
    expect(droppedSpans.queue_full).toBe(50 - queuedSpans);
    await endpoint.listen();
    await vi.waitFor(() => expect(endpoint.spanNumbers).toHaveLength(queuedSpans), soon);
    const newest = Array.from({ length: queuedSpans - 1 }, (_, index) => 49 - index);
    expect(endpoint.spanNumbers).toEqual(expect.arrayContaining(newest));
  });

  test("is given up for a batch after a while", async () => {
    await using forwarding = new Forwarding("http://127.0.0.1:1", { giveUpMs: 100 });
    forwarding.offer(1);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ gave_up: 1 }), soon);
    expect(forwarding.counters.queuedBytes).toBe(0);
  });
});

describe("an answer", () => {
  test.each([429, 502, 503, 504])("%i is tried again", async (code) => {
    const endpoint = await endpointThat(firstly(status(code)));
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(endpoint.spanNumbers).toEqual([1, 1]), soon);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    expect(forwarding.counters.retries).toBe(1);
  });

  test("is waited for as long as it asks", async () => {
    const endpoint = await endpointThat(firstly(status(503, { "Retry-After": "3" })));
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(2), soon);
    const [first, second] = endpoint.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(2_900);
  });

  test.each([400, 401, 403, 404, 500])("%i is final", async (code) => {
    const endpoint = await endpointThat(firstly(status(code)));
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1, 2);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ refused: 2 }), soon);
    forwarding.offer(3);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    expect(endpoint.spanNumbers).toEqual([1, 2, 3]);
    expect(forwarding.messages).toHaveLength(1);
    expect(forwarding.messages[0]).toContain(`it answers ${code}`);
  });

  test.each<[string, string | Buffer]>([
    ["application/json", '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too\\nold"}}'],
    ["application/x-protobuf", Buffer.from("0a0b08021207746f6f0a6f6c64", "hex")],
  ])("with rejected spans is counted and told, in %s", async (type, body) => {
    const endpoint = await endpointThat(status(200, { "Content-Type": type }, body));
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1, 2, 3);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    expect(lost(forwarding.counters)).toEqual({ rejected: 2 });
    expect(forwarding.counters.lastError?.message).toBe("it refused 2 of 3 spans: too old");
  });

  test("that is no OTLP says nothing, and a large one is not read", async () => {
    const page = Buffer.alloc(8 * 1024 * 1024, "<p>secret</p>");
    const endpoint = await endpointThat(
      firstly(status(403, { "Content-Type": "text/html" }, page)),
    );
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ refused: 1 }), soon);
    forwarding.offer(2);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    expect(forwarding.messages.join()).not.toContain("secret");
  });

  test("415 to gzip: sent plain from then on", async () => {
    const endpoint = await endpointThat((received, response) =>
      (received.headers["content-encoding"] === undefined ? ok : status(415))(received, response),
    );
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    forwarding.offer(2);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(2), soon);
    expect(endpoint.received).toHaveLength(3);
    expect(lost(forwarding.counters)).toEqual({});
  });

  test("that redirects is not followed: it would take the headers elsewhere", async () => {
    const other = await endpointThat();
    const endpoint = await endpointThat(
      status(308, { Location: `${other.address}/v1/traces?key=secret` }),
    );
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ refused: 1 }), soon);
    expect(other.received).toEqual([]);
    expect(forwarding.counters.lastError?.message).toBe(
      `it answers 308: forward to ${other.address}/v1/traces; its spans are dropped`,
    );
  });

  test("that never comes is not waited for, nor does it stop what comes after", async () => {
    const endpoint = await endpointThat(firstly(() => undefined));
    await using forwarding = new Forwarding(endpoint.address, { requestMs: 200 });
    forwarding.offer(1);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    expect(forwarding.counters.lastError?.message).toContain("no answer within 0.2 s");
    expect(endpoint.spanNumbers).toEqual([1, 1]);
  });

  test("that breaks off after its status counts", async () => {
    const endpoint = await endpointThat((_, response) => {
      response.writeHead(200, { "Content-Length": "100" }).write("x");
      setTimeout(() => response.destroy(), 20);
    });
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
  });
});

describe("a request that the endpoint refuses for what is in it", () => {
  test.each([400, 413])("%i: the requests of others that went with it arrive", async (code) => {
    const endpoint = await endpointThat((received, response) => {
      const bad = received.spans.some((span) => numberOf(span) === 13);
      (bad ? status(code) : ok)(received, response);
    });
    await using forwarding = new Forwarding(endpoint.address);
    forwarding.offer(100);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(1), soon);
    for (let number = 0; number < 20; number += 1) forwarding.offer(number);
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(20), soon);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ refused: 1 }), soon);
    expect(forwarding.counters.queuedSpans).toBe(0);
    expect(endpoint.received.length).toBeLessThan(20);
  });

  test("one that never took anything is not asked again: the address is wrong", async () => {
    const endpoint = await endpointThat(status(400));
    await using forwarding = new Forwarding(endpoint.address);
    for (let number = 0; number < 20; number += 1) forwarding.offer(number);
    await vi.waitFor(() => expect(lost(forwarding.counters)).toEqual({ refused: 20 }), soon);
    expect(endpoint.received).toHaveLength(1);
  });
});

describe("connections", () => {
  test("are kept, and few", async () => {
    const endpoint = await endpointThat((received, response) => {
      setTimeout(() => ok(received, response), 5);
    });
    await using forwarding = new Forwarding(endpoint.address);
    for (let number = 0; number < 60; number += 1) {
      forwarding.offer(number);
      await delay(2);
    }
    await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(60), soon);
    expect(endpoint.received.length).toBeGreaterThan(10);
    expect(endpoint.connections).toBeLessThanOrEqual(4);
  });

  test("that the endpoint closes in between lose nothing", async () => {
    const endpoint = await endpointThat();
    await using forwarding = new Forwarding(endpoint.address);
    for (let number = 0; number < 30; number += 1) {
      forwarding.offer(number);
      await vi.waitFor(() => expect(forwarding.counters.sentSpans).toBe(number + 1), soon);
      endpoint.server?.closeIdleConnections();
    }
    expect(forwarding.counters.retries).toBe(0);
    expect(forwarding.messages).toEqual([]);
  });

  test("to what is no HTTP, or no TLS, are told as such", async () => {
    const noise = createNetServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("what?\r\n\r\n");
    });
    await new Promise<void>((resolve) => noise.listen(0, "127.0.0.1", resolve));
    const { port } = noise.address() as AddressInfo;
    const endpoint = await endpointThat();
    await using plain = new Forwarding(`http://127.0.0.1:${port}`);
    await using secure = new Forwarding(`https://127.0.0.1:${endpoint.port}`);
    plain.offer(1);
    secure.offer(1);
    await vi.waitFor(() => expect(plain.counters.lastError).toBeDefined(), soon);
    await vi.waitFor(() => expect(secure.counters.lastError).toBeDefined(), soon);
    expect(plain.counters.lastError?.message).toContain("HPE_INVALID");
    expect(secure.counters.lastError?.message).toContain("is it an http:// address?");
    noise.close();
  });

  test("to a host whose certificate nobody vouches for are not made, with the cure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spancost-forwarding-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-days", "1", "-nodes"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", cert, ...subject],
      { stdio: "ignore" },
    );
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await using forwarding = new Forwarding(`https://127.0.0.1:${port}`);
    forwarding.offer(1);
    await vi.waitFor(() => expect(forwarding.counters.lastError).toBeDefined(), soon);
    expect(forwarding.counters.lastError?.message).toBe(
      "its certificate is not trusted: name the file of its authority in NODE_EXTRA_CA_CERTS " +
        "(DEPTH_ZERO_SELF_SIGNED_CERT); tried again later",
    );
    server.close();
    rmSync(folder, { recursive: true });
  });
});

describe("stopping", () => {
  test("sends what waits", async () => {
    const endpoint = await endpointThat((received, response) => {
      setTimeout(() => ok(received, response), 50);
    });
    const forwarding = new Forwarding(endpoint.address);
    for (let number = 0; number < 100; number += 1) forwarding.offer(number);
    await forwarding.forwarder.close(5_000);
    expect(endpoint.spanNumbers).toHaveLength(100);
    expect(forwarding.counters).toMatchObject({ sentSpans: 100, queuedSpans: 0 });
    expect(forwarding.messages).toEqual([]);
  });

  test("takes no longer than it may, and says what is lost", async () => {
    const endpoint = await endpointThat(() => undefined);
    const forwarding = new Forwarding(endpoint.address);
    forwarding.offer(1, 2);
    const begun = performance.now();
    await forwarding.forwarder.close(300);
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(lost(forwarding.counters)).toEqual({ shutdown: 2 });
    expect(forwarding.counters.queuedBytes).toBe(0);
    expect(forwarding.messages.at(-1)).toContain("2 spans were not sent before the receiver");
  });

  test("does not wait for an endpoint that is away", async () => {
    const forwarding = new Forwarding("http://127.0.0.1:1");
    for (let number = 0; number < 3; number += 1) {
      forwarding.offer(number);
      await delay(20);
    }
    const begun = performance.now();
    await forwarding.forwarder.close(5_000);
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect(lost(forwarding.counters)).toEqual({ shutdown: 3 });
  });

  test("takes nothing more", async () => {
    const endpoint = await endpointThat();
    const forwarding = new Forwarding(endpoint.address);
    await forwarding.forwarder.close(100);
    forwarding.offer(1);
    await forwarding.forwarder.close(100);
    expect(lost(forwarding.counters)).toEqual({ shutdown: 1 });
    expect(endpoint.received).toEqual([]);
  });
});

test("spans that went in a circle go no further", async () => {
  const endpoint = await endpointThat();
  await using forwarding = new Forwarding(endpoint.address);
  forwarding.forwarder.offer({ ...requestOf(1), hops: 3 });
  forwarding.forwarder.offer({ ...requestOf(2), hops: 2 });
  await vi.waitFor(() => expect(endpoint.spanNumbers).toEqual([2]), soon);
  expect(endpoint.received[0]?.headers["spancost-hops"]).toBe("3");
  expect(lost(forwarding.counters)).toEqual({ loop: 1 });
});
