import { propagation, trace } from "@opentelemetry/api";
import {
  ConsoleSpanExporter,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { AttributionPropagator, SpanCostProcessor, withSpancost } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TraceSink } from "./running.ts";

/** What NodeSDK is given, as far as it is looked at here. */
interface Config {
  spanProcessors?: readonly object[];
  spanProcessor?: object;
  traceExporter?: object;
  sampler?: { toString(): string };
  textMapPropagator?: { fields(): string[] } | null;
  serviceName?: string;
}

function configured(config: Config = {}, options = {}): Config {
  return withSpancost(config, options);
}

function names(config: Config): readonly string[] {
  return (config.spanProcessors ?? []).map((processor) => processor.constructor.name);
}

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  trace.disable();
  propagation.disable();
});

describe("beside spancost's, first in the list, the processors are", () => {
  test("the ones that the configuration has", () => {
    const own = new SimpleSpanProcessor(new InMemorySpanExporter());
    const config = configured({ spanProcessors: [own], serviceName: "orders" });
    expect(config.spanProcessors?.[0]).toBeInstanceOf(SpanCostProcessor);
    expect(config.spanProcessors?.[1]).toBe(own);
    expect(config.serviceName).toBe("orders");
    expect(configured({ spanProcessor: own }).spanProcessors?.[1]).toBe(own);
  });

  test("one for the exporter that the configuration has", () => {
    const config = configured({ traceExporter: new InMemorySpanExporter() });
    expect(names(config)).toEqual(["SpanCostProcessor", "BatchSpanProcessor"]);
    expect(config.traceExporter).toBeUndefined();
  });

  test.each([
    [{}, ["BatchSpanProcessor"]],
    [{ OTEL_TRACES_EXPORTER: "console" }, ["SimpleSpanProcessor"]],
    [{ OTEL_TRACES_EXPORTER: "otlp, console,otlp" }, ["BatchSpanProcessor", "SimpleSpanProcessor"]],
    [{ OTEL_TRACES_EXPORTER: "zipkin" }, ["BatchSpanProcessor"]],
    [{ OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, ["BatchSpanProcessor"]],
    [{ OTEL_TRACES_EXPORTER: "unheard-of,otlp" }, ["BatchSpanProcessor"]],
  ])("those of the environment %j", (env, processors) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(names(configured())).toEqual(["SpanCostProcessor", ...processors]);
  });

  test("none, where the environment wants none: NodeSDK then starts no tracing", () => {
    vi.stubEnv("OTEL_TRACES_EXPORTER", "none");
    expect(configured()).toEqual({});
    expect(names(configured({}, { metrics: true }))).toEqual(["SpanCostProcessor"]);
  });
});

describe("sampling", () => {
  test("is left to NodeSDK where nothing is counted", () => {
    expect(configured().sampler).toBeUndefined();
  });

  test.each([
    [{}, "ParentBased{root=AlwaysOnSampler"],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, "AlwaysOffSampler"],
    [
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
      "TraceIdRatioBased{0.25}",
    ],
    [
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "7" },
      "ParentBased{root=TraceIdRatioBased{1}",
    ],
    [{ OTEL_TRACES_SAMPLER: "unheard-of" }, "ParentBased{root=AlwaysOnSampler"],
  ])("is that of the environment %j, where calls are counted", (env, sampler) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const text = configured({}, { budgets: [{ usd: 1, per: "day" }] }).sampler?.toString();
    expect(text?.startsWith(`RecordModelSpans{${sampler}`)).toBe(true);
  });
});

describe("propagation", () => {
  test.each([
    [{}, ["traceparent", "tracestate", "baggage"]],
    [{ OTEL_PROPAGATORS: "tracecontext" }, ["traceparent", "tracestate"]],
    [{ OTEL_PROPAGATORS: "b3,baggage" }, ["b3", "baggage"]],
  ])("is that of the environment %j", (env, fields) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { textMapPropagator } = configured();
    expect(textMapPropagator).toBeInstanceOf(AttributionPropagator);
    expect(textMapPropagator?.fields()).toEqual(fields);
  });

  test("is not added where the service wants none", () => {
    expect(configured({ textMapPropagator: null }).textMapPropagator).toBeNull();
    vi.stubEnv("OTEL_PROPAGATORS", "none");
    expect(configured().textMapPropagator).toBeUndefined();
  });
});

test("the exporter that the environment configures gets the spans, with their cost", async () => {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sink = await new TraceSink().start();
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.url);
  vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
  vi.stubEnv("OTEL_METRICS_EXPORTER", "none");
  vi.stubEnv("OTEL_LOGS_EXPORTER", "none");
  const sdk = new NodeSDK(withSpancost({ autoDetectResources: false }));
  sdk.start();
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 0,
  };
  trace.getTracer("any").startSpan("chat", { attributes }).end();
  await sdk.shutdown();
  await sink.stop();
  expect(sink.spans.map(({ attributes: sent }) => sent["spancost.cost.usd"])).toEqual([0.00025]);
});

test("switched off it gives the configuration back as it was", () => {
  vi.stubEnv("SPANCOST_DISABLED", "true");
  const config = { traceExporter: new ConsoleSpanExporter() };
  expect(withSpancost(config)).toBe(config);
});
