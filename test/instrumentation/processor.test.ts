import { trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { SpanCostProcessor, withFeature } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answered, call, kinds, Service } from "./service.ts";

let service: Service;
beforeEach(() => {
  service = new Service();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await service.stop();
});

describe("a call's span", () => {
  test("carries what it cost, in all and in parts", async () => {
    await call(() => {});
    expect(service.attributesOf("chat gpt-5-mini")).toMatchObject({
      "spancost.cost.usd": 0.00077235,
      "gen_ai.usage.cost": 0.00077235,
      "spancost.cost.input_usd": 0.00012475,
      "spancost.cost.cache_read_usd": 0.0000256,
      "spancost.cost.output_usd": 0.000622,
      "spancost.price.id": "openai/gpt-5-mini",
    });
  });

  test("says why it has no cost", async () => {
    await call(() => {}, "unknown", { "gen_ai.response.model": "acme-ft-7b" });
    const attributes = service.attributesOf("unknown");
    expect(attributes["spancost.unpriced_reason"]).toBe("no_usage");
    expect(Object.keys(attributes).filter((key) => key.includes(".cost"))).toEqual([]);
  });

  test("keeps a cost that its emitter wrote beside ours", async () => {
    await call(() => {}, "reported", { ...answered, "gen_ai.usage.cost": 0.5 });
    expect(service.attributesOf("reported")).toMatchObject({
      "gen_ai.usage.cost": 0.5,
      "spancost.cost.usd": 0.00077235,
    });
  });

  test("keeps to the limit of attributes that the service set", async () => {
    await service.stop();
    service = new Service({ attributeCountLimit: 7 });
    await call(() => {});
    expect(Object.keys(service.attributesOf("chat gpt-5-mini"))).toHaveLength(7);
  });
});

test("agents, tools and spans of other things carry no cost", () => {
  const tracer = trace.getTracer("any");
  const attributes = { "gen_ai.usage.input_tokens": 5, "gen_ai.request.model": "gpt-5" };
  for (const operation of ["invoke_agent", "execute_tool", "invoke_workflow"]) {
    tracer
      .startSpan(operation, { attributes: { ...attributes, "gen_ai.operation.name": operation } })
      .end();
  }
  tracer.startSpan("GET /", { kind: kinds.server, attributes: { "url.path": "/" } }).end();
  const written = service.exported.flatMap((span) => Object.keys(span.attributes));
  expect(service.exported).toHaveLength(4);
  expect(written.filter((key) => key.startsWith("spancost."))).toEqual([]);
});

test("a call in OpenInference's words is priced, whatever tracer made its span", () => {
  withFeature("by hand", () => {
    const span = trace.getTracer("mine").startSpan("ask", {
      attributes: {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.model_name": "gpt-5-mini",
      },
    });
    span.setAttributes({
      "llm.token_count.prompt": 1523,
      "llm.token_count.prompt_details.cache_read": 1024,
      "llm.token_count.completion": 311,
    });
    span.end();
  });
  expect(service.attributesOf("ask")).toMatchObject({
    "spancost.cost.usd": 0.00077235,
    "spancost.price.id": "openai/gpt-5-mini",
    "spancost.feature": "by hand",
  });
});

test("a span that shows only after its start that it is a call is priced and attributed", () => {
  withFeature("late", () => {
    const span = trace.getTracer("mine").startSpan("later", { kind: kinds.client });
    span.setAttributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      ...answered,
    });
    span.end();
  });
  expect(service.attributesOf("later")).toMatchObject({
    "spancost.cost.usd": 0.00077235,
    "spancost.feature": "late",
  });
});

test("two processors in one process price and count a call once", () => {
  const lines: string[] = [];
  const exporter = new InMemorySpanExporter();
  const log = (line: string) => lines.push(line);
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new SpanCostProcessor({ log }),
      new SpanCostProcessor({ log }),
      new SimpleSpanProcessor(exporter),
    ],
  });
  const span = provider.getTracer("any").startSpan("chat", {
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      ...answered,
    },
  });
  span.end();
  expect(lines).toEqual([
    "spancost  gpt-5-mini-2025-08-07  1,523 in (1,024 cached)  311 out  $0.00077",
  ]);
});

describe("an SDK that does not call onEnding", () => {
  test("gets the same attributes on the span that has ended", () => {
    const processor = new SpanCostProcessor();
    const before = { onStart: processor.onStart, onEnd: processor.onEnd };
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({
      spanProcessors: [
        {
          onStart: before.onStart.bind(processor),
          onEnd: before.onEnd.bind(processor),
          forceFlush: () => processor.forceFlush(),
          shutdown: () => processor.shutdown(),
        },
        new SimpleSpanProcessor(exporter),
      ],
    });
    const span = provider.getTracer("any").startSpan("chat", {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5-mini",
        ...answered,
      },
    });
    span.end();
    expect(exporter.getFinishedSpans()[0]?.attributes["spancost.cost.usd"]).toBe(0.00077235);
  });
});

describe.each(["SPANCOST_DISABLED", "OTEL_SDK_DISABLED"])("with %s", (variable) => {
  test("nothing is written", async () => {
    vi.stubEnv(variable, "true");
    await service.stop();
    service = new Service({ log: () => expect.unreachable() });
    await withFeature("search", () => call(() => {}));
    const keys = Object.keys(service.attributesOf("chat gpt-5-mini"));
    expect(keys.filter((key) => key.startsWith("spancost"))).toEqual([]);
  });
});
