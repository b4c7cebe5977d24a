import { type Attributes, DiagLogLevel, diag } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { SpanCostProcessor, type SpancostOptions } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answered, call, Service } from "./service.ts";

/** What the service's diagnostics were told. */
let told: string[] = [];
beforeEach(() => {
  told = [];
  const log = (message: string) => told.push(message);
  const logger = { error: log, warn: log, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  letReportAgain();
});
afterEach(() => {
  vi.useRealTimers();
  diag.disable();
});

/** As if a minute had passed since the last report: reports are limited for the whole process. */
function letReportAgain(): void {
  const state = (globalThis as Record<symbol, { reportedAt: number }>)[
    Symbol.for("spancost.instrumentation.1")
  ];
  if (state !== undefined) state.reportedAt = Number.NEGATIVE_INFINITY;
}

/** A span as no SDK makes it, given to the processor as an SDK gives its own. */
function ended(overrides: object, options: SpancostOptions = {}): void {
  const processor = new SpanCostProcessor(options);
  const span = {
    name: "chat",
    kind: 2,
    startTime: [1_763_700_000, 0],
    endTime: [1_763_700_001, 0],
    status: { code: 0 },
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      ...answered,
    },
    events: [],
    resource: { attributes: {} },
    instrumentationScope: { name: "any", version: "1" },
    spanContext: () => ({ traceId: "t", spanId: "s", traceFlags: 1 }),
    setAttribute() {},
  };
  Object.defineProperties(span, Object.getOwnPropertyDescriptors(overrides));
  type Started = Parameters<SpanCostProcessor["onStart"]>;
  processor.onStart(...([span, { getValue() {} }] as unknown as Started));
  processor.onEnding(span as unknown as Started[0]);
  processor.onEnd(span as unknown as Started[0]);
}

const throwing = {
  get(): never {
    throw new Error("from the service");
  },
};

describe("the service goes on, and is told once, when", () => {
  test.each<[string, object]>([
    [
      "an attribute cannot be read",
      {
        attributes: Object.defineProperty(
          { "gen_ai.operation.name": "chat" },
          "gen_ai.usage.input_tokens",
          { ...throwing, enumerable: true },
        ),
      },
    ],
    [
      "attributes cannot be read at all",
      Object.defineProperty({}, "attributes", { ...throwing, enumerable: true }),
    ],
    ["there are no attributes", { attributes: undefined }],
    [
      "the resource cannot be read",
      { resource: Object.defineProperty({}, "attributes", throwing) },
    ],
    ["there is no scope", { instrumentationScope: undefined }],
    ["attributes cannot be written", { setAttribute: throwing.get }],
    ["times are no times", { startTime: undefined }],
  ])("%s", (_name, overrides) => {
    const fault = () => ended(overrides);
    for (let round = 0; round < 50; round += 1) expect(fault).not.toThrow();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^spancost: .* failed, the service is not affected: \w*Error: /);
  });

  test("its own callbacks throw", async () => {
    const options = {
      log: throwing.get,
      budgets: [{ usd: 0.0001, per: "process" }],
      onBudget: throwing.get,
      guardrails: { maxInputTokens: 1, onBreach: throwing.get },
    } as const;
    const service = new Service(options);
    for (const _ of [1, 2, 3]) await call(() => {}, "priced");
    expect(service.exported.map((span) => span.attributes["spancost.cost.usd"])).toEqual([
      0.00077235, 0.00077235, 0.00077235,
    ]);
    await service.stop();
    expect(told).toHaveLength(1);
  });

  test("its logger of diagnostics throws too", () => {
    diag.setLogger(
      { error: throwing.get, warn: throwing.get, info() {}, debug() {}, verbose() {} },
      { suppressOverrideMessage: true },
    );
    expect(() => ended({ attributes: undefined })).not.toThrow();
  });
});

test("odd attributes are no fault: nothing is reported, and nothing of them is copied", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const large = "x".repeat(10_000_000);
  const attributes: Record<string, unknown> = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": circular,
    "gen_ai.request.model": large,
    "gen_ai.usage.input_tokens": Number.NaN,
    "gen_ai.usage.output_tokens": -5,
    "gen_ai.usage.cache_read.input_tokens": "many",
    "gen_ai.input.messages": large,
    metadata: `{"feature": ${JSON.stringify(large)}}`,
    "spancost.tag.x": circular,
  };
  const written: Attributes = {};
  const lines: string[] = [];
  ended(
    { attributes, setAttribute: (key: string, value: string) => (written[key] = value) },
    { log: (line) => lines.push(line) },
  );
  expect(told).toEqual([]);
  expect(written).toEqual({ "spancost.unpriced_reason": "no_usage" });
  expect(lines.join().length).toBeLessThan(300);
});

test("a resource that is still being detected is not asked for what it would log an error about", () => {
  const resource = detectResources({
    detectors: [{ detect: () => ({ attributes: { "host.id": new Promise(() => {}) } }) }],
  });
  const written: string[] = [];
  ended({ resource, setAttribute: (key: string) => written.push(key) });
  expect(written).toContain("spancost.cost.usd");
  expect(told).toEqual([]);
});

test("prompts and answers are not looked at: not even that they are there", () => {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-5-mini",
    ...answered,
  };
  for (const key of [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt.0.content",
    "llm.input_messages.0.message.content",
    "ai.prompt",
    "input.value",
    "output.value",
    "gen_ai.tool.call.arguments",
  ]) {
    Object.defineProperty(attributes, key, { ...throwing, enumerable: true });
  }
  const written: string[] = [];
  ended({ attributes, setAttribute: (key: string) => written.push(key) });
  expect(told).toEqual([]);
  expect(written).toContain("spancost.cost.usd");
});

describe("a clock that jumps", () => {
  test("changes no cost: it is that of the span's own start", async () => {
    const service = new Service({ budgets: [{ usd: 100, per: "hour" }] });
    vi.useFakeTimers({ toFake: ["Date"] });
    for (const time of ["2027-01-01", "1970-01-01", "2026-06-01"]) {
      await call(() => vi.setSystemTime(new Date(time)), time);
    }
    for (const span of service.exported)
      expect(span.attributes["spancost.cost.usd"]).toBe(0.00077235);
    await service.stop();
    expect(told.filter((line) => line.includes("spancost"))).toEqual([]);
  });
});

test("an exporter whose receiver is down delays no call", async () => {
  const nobody = new OTLPTraceExporter({ url: "http://127.0.0.1:9/v1/traces", timeoutMillis: 200 });
  const kept = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new SpanCostProcessor(),
      new BatchSpanProcessor(nobody, { scheduledDelayMillis: 5 }),
      new SimpleSpanProcessor(kept),
    ],
  });
  const tracer = provider.getTracer("any");
  const begun = performance.now();
  for (let round = 0; round < 2_000; round += 1) {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      ...answered,
    };
    tracer.startSpan("chat", { attributes }).end();
  }
  // 2,000 spans in far less than one of the exporter's timeouts, however slow the machine.
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(kept.getFinishedSpans()).toHaveLength(2_000);
  await provider.shutdown().catch(() => {});
});
