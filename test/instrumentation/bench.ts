/**
 * What spancost costs a service: CPU per span and memory over a million spans, with it and without it, in one run.
 *
 * node --expose-gc --conditions=spancost-source test/instrumentation/bench.ts
 */
import { context, SpanKind, type Tracer } from "@opentelemetry/api";
import { BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { SpanCostProcessor, withAttribution } from "@spancost/instrumentation";
import { AsyncLocalStorageContextManager } from "./context-manager.ts";

/** Stands for an exporter: takes spans and lets go of them. */
const exporter: SpanProcessor = {
  onStart() {},
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};

function tracer(name: string, processors: SpanProcessor[]): Tracer {
  return new BasicTracerProvider({ spanProcessors: processors }).getTracer(name);
}

const withIt = [new SpanCostProcessor() as unknown as SpanProcessor, exporter];

/** As an instrumentation of a model client makes it. */
function modelSpan(spans: Tracer): void {
  const span = spans.startSpan("chat gpt-5-mini", {
    kind: SpanKind.CLIENT,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "server.address": "api.openai.com",
    },
  });
  span.setAttributes({
    "gen_ai.response.model": "gpt-5-mini-2025-08-07",
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 1523,
    "gen_ai.usage.cache_read.input_tokens": 1024,
    "gen_ai.usage.output_tokens": 311,
  });
  span.end();
}

/** As an instrumentation of HTTP makes it. */
function otherSpan(spans: Tracer): void {
  const span = spans.startSpan("GET /orders/{id}", {
    kind: SpanKind.SERVER,
    attributes: {
      "http.request.method": "GET",
      "url.path": "/orders/17",
      "url.scheme": "https",
      "server.address": "orders",
      "network.protocol.version": "1.1",
    },
  });
  span.setAttribute("http.response.status_code", 200);
  span.setAttribute("http.route", "/orders/{id}");
  span.end();
}

/** CPU of one call of `work`, in µs. */
function micros(work: () => void, count: number): number {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Round by round without and with, so that a noisy machine disturbs both alike. */
function compare(name: string, work: (spans: Tracer) => void, limitMicros: number): void {
  const scope = name.startsWith("model") ? "@opentelemetry/instrumentation-openai" : "http";
  const plain = tracer(scope, [exporter]);
  const priced = tracer(scope, withIt);
  const rounds = Array.from({ length: 21 }, () => ({
    without: micros(() => work(plain), 20_000),
    with: micros(() => work(priced), 20_000),
  })).slice(6);
  const without = median(rounds.map((round) => round.without));
  const extra = median(rounds.map((round) => round.with - round.without));
  console.log(
    `${name.padEnd(44)} ${without.toFixed(2)} µs alone, ${extra.toFixed(2)} µs more (limit ${limitMicros}): ${(1 + extra / without).toFixed(2)}×`,
  );
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager());
compare("model span", modelSpan, 5);
compare("other span", otherSpan, 0.3);
withAttribution({ feature: "search", user: "u-1" }, () => {
  compare("model span, attributed", modelSpan, 5);
  compare("other span, attributed", otherSpan, 0.3);
});

const spans = tracer("@opentelemetry/instrumentation-openai", withIt);
const others = tracer("http", withIt);
const work = () =>
  withAttribution({ feature: "search" }, () => {
    modelSpan(spans);
    otherSpan(others);
  });
for (let index = 0; index < 50_000; index += 1) work();
const before = heap();
for (let index = 0; index < 500_000; index += 1) work();
console.log(
  `heap after 1,000,000 more spans: ${(heap() - before).toFixed(2)} MB more than before them`,
);
