import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Receiving, startReceiving } from "../flow/receiving.ts";
import { type ModelServer, startModelServer } from "../record/model-server.ts";
import { quickCell } from "./cells.ts";
import { installing } from "./installing.ts";
import type { Project } from "./project.ts";
import { type Ended, type Service, startService } from "./service.ts";

const installed = installing(quickCell);
const register = "@spancost/instrumentation/register";

let models: ModelServer;
let receiver: Receiving;
/** Takes connections and never answers. */
let blackHole: Server;
beforeAll(async () => {
  models = await startModelServer(Array.from({ length: 1_000 }, () => ({ input: 90, delay: 10 })));
  receiver = await startReceiving(":memory:");
  blackHole = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => blackHole.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await models.close();
  await receiver.stop();
  blackHole.close();
});

const endpoints = {
  "an exporter that works": () => new URL(receiver.url).origin,
  "an exporter that refuses connections": () => "http://127.0.0.1:9",
  "an exporter that never answers": () =>
    `http://127.0.0.1:${(blackHole.address() as AddressInfo).port}`,
};

/** OpenTelemetry prints its diagnostics, ours among them. Only traces are exported. */
const said = { OTEL_LOG_LEVEL: "warn", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" };

interface Broken {
  readonly app?: string;
  readonly flags?: readonly string[];
  readonly endpoint?: keyof typeof endpoints;
  readonly env?: Readonly<Record<string, string>>;
}

function start(project: Project, broken: Broken): Promise<Service> {
  const endpoint = endpoints[broken.endpoint ?? "an exporter that works"]();
  return startService(project, {
    app: `apps/${broken.app ?? "answers.cjs"}`,
    flags: broken.flags ?? ["--import", register],
    env: {
      OTEL_SERVICE_NAME: "broken",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      MODEL_URL: models.url,
      ...said,
      ...broken.env,
    },
  });
}

/** Asks once and returns status, text and milliseconds. */
async function ask(service: Service, path = "/answers") {
  const askedAt = performance.now();
  const answer = await fetch(service.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"question":"And now?"}',
  });
  const text = await answer.text();
  return { status: answer.status, text, millis: performance.now() - askedAt };
}

/** What the package itself said; OpenTelemetry says what is the matter with its exporters. */
function ownLines({ stderr }: Ended): readonly string[] {
  return stderr.split("\n").filter((line) => line.includes("spancost"));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const brokenPrices: Broken = {
  flags: ["--require", "./setups/broken-prices.cjs", "--require", register],
};

describe.each<[string, Broken, number]>([
  ["an exporter that refuses connections", { endpoint: "an exporter that refuses connections" }, 0],
  ["an exporter that never answers", { endpoint: "an exporter that never answers" }, 0],
  ["a price table that throws", brokenPrices, 1],
  ["the kill switch", { env: { SPANCOST_DISABLED: "true" } }, 0],
])("a service with %s", (_name, broken, lines) => {
  test("answers as it always does and as fast, says so at most once, and ends in time", async (context) => {
    const project = installed(context);
    const [service, healthy] = [await start(project, broken), await start(project, {})];
    const times: { readonly broken: number[]; readonly healthy: number[] } = {
      broken: [],
      healthy: [],
    };
    // In turns, so that a busy machine disturbs both alike.
    for (let round = 0; round < 40; round += 1) {
      const [answer, usual] = [await ask(service), await ask(healthy)];
      expect([answer.status, answer.text]).toEqual([usual.status, usual.text]);
      times.broken.push(answer.millis);
      times.healthy.push(usual.millis);
    }
    expect(median(times.broken) / median(times.healthy)).toBeLessThan(1.5);
    await healthy.stop();
    const ended = await service.stop();
    expect(ownLines(ended)).toHaveLength(lines);
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(ended.stopMillis).toBeLessThan(6_000);
  });
});

describe.each(["an exporter that refuses connections", "an exporter that never answers"] as const)(
  "with %s",
  (endpoint) => {
    test("a service that leaves its end to Node ends on SIGTERM within 6 seconds", async (context) => {
      const service = await start(installed(context), { app: "support.mjs", endpoint });
      const ended = await service.stop();
      expect(ended.signal).toBe("SIGTERM");
      expect(ended.stopMillis).toBeLessThan(6_000);
    });
  },
);

test.for<[string, number]>([
  ["/huge", 0],
  ["/throwing", 1],
])(
  "spans of the service's own with odd attributes do it no harm: %s",
  async ([path, lines], context) => {
    const service = await start(installed(context), { app: "odd-spans.cjs" });
    for (let time = 0; time < 5; time += 1) {
      expect(await ask(service, path)).toMatchObject({ status: 200, text: '{"text":"made"}' });
    }
    const ended = await service.stop();
    expect(ownLines(ended)).toHaveLength(lines);
    expect(ended.stopMillis).toBeLessThan(6_000);
  },
);

test("a healthy service has nothing to say, also with all exporters that OpenTelemetry has by default", async (context) => {
  const defaults = { OTEL_METRICS_EXPORTER: "", OTEL_LOGS_EXPORTER: "" };
  const service = await start(installed(context), { env: defaults });
  expect((await ask(service)).status).toBe(200);
  expect((await service.stop()).stderr).toBe("");
});

test("the doctor finds nothing wrong with a service that is healthy", async (context) => {
  const service = await start(installed(context), { env: { SPANCOST_DOCTOR: "1" } });
  expect((await ask(service)).status).toBe(200);
  expect((await service.stop()).stderr).not.toContain("error:");
});

test("the kill switch leaves no trace of a call", async (context) => {
  const env = { OTEL_SERVICE_NAME: "switched-off", SPANCOST_DISABLED: "true" };
  const service = await start(installed(context), { env });
  expect((await ask(service)).status).toBe(200);
  await service.stop();
  const { rows } = await receiver.store.readRows("select distinct service from spans");
  expect(rows).not.toContainEqual({ service: "switched-off" });
});
