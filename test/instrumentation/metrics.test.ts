import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import { recordModelSpans, withAttribution, withFeature } from "@spancost/instrumentation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answered, call, Service, startCall } from "./service.ts";

let service: Service | undefined;
let exporter: InMemoryMetricExporter;
let provider: MeterProvider;
beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 })],
  });
  metrics.setGlobalMeterProvider(provider);
});
afterEach(async () => {
  await service?.stop();
  await provider.shutdown();
  metrics.disable();
});

interface Point {
  readonly metric: string;
  readonly value: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

async function counted(): Promise<readonly Point[]> {
  await provider.forceFlush();
  const all =
    exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  return all.flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map(({ value, attributes }) => ({
      metric: `${descriptor.name} ${descriptor.unit}`,
      value,
      attributes,
    })),
  );
}

async function sums(): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const { metric, value } of await counted()) {
    result[metric] = (result[metric] ?? 0) + Number(value);
  }
  return result;
}

const usage = "gen_ai.client.inference.usage";

test("counts tokens by the conventions, and money", async () => {
  service = new Service({ metrics: true });
  await withFeature("search", () => call(() => {}));
  const call1 = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.response.model": "gpt-5-mini-2025-08-07",
  };
  const unknown = { ...call1, "gen_ai.token.modality": "unknown" };
  expect(await counted()).toEqual([
    { metric: `${usage}.input_tokens {token}`, value: 1523, attributes: unknown },
    { metric: `${usage}.output_tokens {token}`, value: 311, attributes: unknown },
    { metric: `${usage}.cache_read.input_tokens {token}`, value: 1024, attributes: unknown },
    {
      metric: "spancost.cost {USD}",
      value: 0.00077235,
      attributes: { ...call1, "spancost.feature": "search" },
    },
  ]);
});

test("tells sound from text where the call does", async () => {
  service = new Service({ metrics: true });
  await call(() => {}, "audio", { ...answered, "gen_ai.usage.audio.input_tokens": 500 });
  const input = (await counted()).filter(({ metric }) => metric.startsWith(`${usage}.input`));
  expect(
    input.map(({ value, attributes }) => [attributes["gen_ai.token.modality"], value]),
  ).toEqual([
    ["audio", 500],
    ["text", 1023],
  ]);
});

test("counts a call without usage as 0 and without price, and a failed one as 0 only", async () => {
  service = new Service({ metrics: true });
  await call(() => {}, "lost", {});
  const failed = startCall();
  failed.setStatus({ code: 2 });
  failed.end();
  expect(await sums()).toEqual({
    [`${usage}.input_tokens {token}`]: 0,
    [`${usage}.output_tokens {token}`]: 0,
    "spancost.unpriced_calls {call}": 1,
  });
});

test("counts what sampling leaves out, and exports it no more than before", async () => {
  const sampled = new ParentBasedSampler({ root: new AlwaysOffSampler() });
  service = new Service({ metrics: true, sampler: recordModelSpans(sampled) });
  for (let round = 0; round < 10; round += 1) await call(() => {});
  expect(service.exported).toEqual([]);
  expect((await sums())["spancost.cost {USD}"]).toBeCloseTo(0.0077235, 12);
});

test("a share of the traces is exported, and all of them counted", async () => {
  service = new Service({
    metrics: true,
    sampler: recordModelSpans(new TraceIdRatioBasedSampler(0.5)),
  });
  for (let round = 0; round < 200; round += 1) await call(() => {});
  expect(service.exported.length).toBeGreaterThan(50);
  expect(service.exported.length).toBeLessThan(150);
  expect((await sums())[`${usage}.input_tokens {token}`]).toBe(200 * 1523);
});

test("has few series, whatever names a service makes up, and no ids or users in them", async () => {
  service = new Service({ metrics: true });
  for (let round = 0; round < 500; round += 1) {
    await withAttribution({ feature: `feature ${round}`, user: `u-${round}` }, () =>
      call(() => {}, `call ${round}`, { ...answered, "gen_ai.response.model": `model-${round}` }),
    );
  }
  const points = await counted();
  expect(points.length).toBeLessThan(2_500);
  expect(JSON.stringify(points)).not.toContain("u-1");
  expect(new Set(points.map(({ attributes }) => attributes["spancost.feature"])).size).toBeLessThan(
    110,
  );
});

test("counts on a meter provider that is registered only after the first call", async () => {
  metrics.disable();
  service = new Service({ metrics: true });
  await call(() => {});
  metrics.setGlobalMeterProvider(provider);
  await call(() => {});
  expect((await sums())[`${usage}.input_tokens {token}`]).toBe(1523);
});
