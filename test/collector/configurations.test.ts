import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { poison } from "../canary/poison.ts";
import { Secrets } from "../canary/secrets.ts";
import { send, type Way, ways } from "../canary/sending.ts";
import { copyOf, type Request, recordedTraces, someOfEach, spansOf } from "../canary/traces.ts";
import { Collector, missing, type SetName, sets, validate } from "./collector.ts";
import { hiddenInLists } from "./hidden.ts";
import { GrpcSink, HttpSink, type Sink } from "./sinks.ts";

/** Recorded traces of every emitter, with a secret wherever content can be. */
const secrets = new Secrets();
const poisoned = [
  ...someOfEach(recordedTraces(), 2).map((trace) => poison(trace, secrets)),
  hiddenInLists(secrets),
].map((request, nth) => copyOf(request, nth + 1));

const spanCount = poisoned.flatMap((request) => spansOf(request)).length;

let folder: string;
let collectors: Collector[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-collector-"));
  collectors = [];
});
afterEach(async () => {
  for (const collector of collectors) await collector.kill();
  rmSync(folder, { recursive: true });
});

async function start(
  set: SetName,
  env: Readonly<Record<string, string | number>>,
): Promise<Collector> {
  const collector = await Collector.start({ files: sets[set], folder, env });
  collectors.push(collector);
  return collector;
}

/** Sends all that is poisoned, by all ways in turn. */
async function sendAll(collector: Collector): Promise<void> {
  for (const [nth, request] of poisoned.entries()) {
    const way: Way = ways[nth % ways.length] ?? "json";
    const { ok, text } = await send(collector.target, request, way, {});
    expect([way, ok ? "" : text]).toEqual([way, ""]);
  }
}

/** Waits until every span that was sent has come. */
async function all(sink: Sink): Promise<void> {
  const until = performance.now() + 20_000;
  while (sink.spanIds.size < spanCount && performance.now() < until) await delay(100);
  expect(sink.spanIds.size).toBe(spanCount);
}

/** Places whose secrets are in what came; links are out of reach for what a Collector can be told. */
function leaksIn(bodies: readonly Buffer[]): string[] {
  const places = bodies.flatMap((body) => [...secrets.foundIn(body)]);
  return [...new Set(places)].filter((place) => !/ of a link$/.test(place)).sort();
}

describe.runIf(missing === undefined).each(Object.keys(sets) as SetName[])("%s", (set) => {
  test("is valid, and names nothing that is deprecated", () => {
    const { code, words } = validate(sets[set]);
    expect(words).not.toMatch(/deprecat/i);
    expect([code, words]).toEqual([0, ""]);
  });
});

describe.runIf(missing === undefined)("what arrives", () => {
  test("of an agent: every span by gRPC, and no content", async () => {
    await using spancost = await GrpcSink.start();
    const agent = await start("agent", {
      SPANCOST_GRPC: `127.0.0.1:${spancost.port}`,
      SPANCOST_TOKEN: "secret",
    });
    await sendAll(agent);
    await all(spancost);
    expect(leaksIn(spancost.bodies)).toEqual([]);
    expect(spancost.headers[0]).toMatchObject({ authorization: "Bearer secret" });
    expect(agent.words).not.toMatch(/deprecat/i);
  });

  test("of a gateway: every span without content at spancost, and whole at the backend", async () => {
    await using spancost = await HttpSink.start();
    await using backend = await HttpSink.start();
    const gateway = await start("gateway", {
      SPANCOST_ENDPOINT: spancost.url,
      BACKEND_ENDPOINT: backend.url,
    });
    await sendAll(gateway);
    await all(spancost);
    await all(backend);
    expect(leaksIn(spancost.bodies)).toEqual([]);
    expect(leaksIn(backend.bodies).length).toBeGreaterThan(1_000);
    expect(gateway.words).not.toMatch(/deprecat/i);
  });

  test("of a gateway with tail sampling: every span at spancost, and fewer at the backend", async () => {
    await using spancost = await HttpSink.start();
    await using backend = await HttpSink.start();
    const gateway = await start("gateway with tail sampling", {
      SPANCOST_ENDPOINT: spancost.url,
      BACKEND_ENDPOINT: backend.url,
      SAMPLING_WAIT: "1s",
    });
    await sendAll(gateway);
    await all(spancost);
    await delay(3_000);
    expect(leaksIn(spancost.bodies)).toEqual([]);
    expect(backend.spanIds.size).toBeGreaterThan(0);
    expect(backend.spanIds.size).toBeLessThan(spanCount / 2);
    expect(gateway.words).not.toMatch(/deprecat/i);
  });

  test("of a load balancer: every span, all of a trace at the same one of two gateways", async () => {
    await using one = await GrpcSink.start();
    await using other = await GrpcSink.start();
    // No name here leads to two addresses: the two stand in the place of what the resolver would find.
    const own = join(folder, "loadbalancer.yaml");
    const text = readFileSync("collector-config/loadbalancer.yaml", "utf8");
    const [dns = ""] = /^ {6}dns:\n(?: {8}.*\n)+/m.exec(text) ?? [];
    const addresses = [one, other].map(({ port }) => `127.0.0.1:${port}`).join(", ");
    writeFileSync(own, text.replace(dns, `      static: { hostnames: [${addresses}] }\n`));
    const balancer = await Collector.start({ files: [own], folder });
    collectors.push(balancer);
    await sendAll(balancer);
    const until = performance.now() + 20_000;
    const came = () => one.spanIds.size + other.spanIds.size;
    while (came() < spanCount && performance.now() < until) await delay(100);
    expect(came()).toBe(spanCount);
    const traces = [one, other].map((sink) => new Set(sink.spans.map(({ traceId }) => traceId)));
    expect(traces.every(({ size }) => size > 10)).toBe(true);
    expect([...(traces[0] ?? [])].filter((trace) => traces[1]?.has(trace))).toEqual([]);
    expect(balancer.words).not.toMatch(/deprecat/i);
  });

  test("in a file: every span as a line of OTLP, and no content", async () => {
    const file = join(folder, "traces.jsonl");
    const capture = await start("capture to file", { CAPTURE_FILE: file });
    await sendAll(capture);
    expect(await capture.stop()).toBe(0);
    const text = readFileSync(file, "utf8");
    expect(leaksIn([Buffer.from(text)])).toEqual([]);
    const lines = text.trim().split("\n");
    const spans = lines.flatMap((line) => spansOf(JSON.parse(line) as Request));
    expect(spans.length).toBe(spanCount);
  });
});
