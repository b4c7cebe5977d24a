import { credentials } from "@grpc/grpc-js";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SinkFullError } from "../sink.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";

let running: RunningReceiver;
let refusals = 0;
beforeAll(async () => {
  const append = async (spans: RunningReceiver["stored"]) => {
    if (refusals-- > 0) throw new SinkFullError("starting");
    running.stored.push(...spans);
  };
  running = await RunningReceiver.start({
    sink: { append: (spans) => append([...spans]) },
  });
});
afterAll(() => running.stop());

type Compression = "none" | "gzip";

/** Exporters as services have them, and where each of them sends by default. */
const exporters: Record<string, (compression: never) => SpanExporter> = {
  "http/json": (compression) =>
    new JsonExporter({ url: `http://127.0.0.1:${running.port}/v1/traces`, compression }),
  "http/protobuf": (compression) =>
    new ProtobufExporter({ url: `http://127.0.0.1:${running.port}/v1/traces`, compression }),
  grpc: (compression) =>
    new GrpcExporter({
      url: `http://127.0.0.1:${running.grpcPort}`,
      credentials: credentials.createInsecure(),
      compression,
    }),
};

/** Sends one span as a service does. */
async function sendSpan(exporter: SpanExporter) {
  running.takeStored();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "support-api" }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const span = provider.getTracer("openai", "1.2.0").startSpan("chat gpt-5-mini");
  span.setAttributes({ "gen_ai.usage.input_tokens": 1523, "gen_ai.request.stop": ["a", "b"] });
  span.addEvent("first token");
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  return span.spanContext();
}

const rows = Object.keys(exporters).flatMap((name) =>
  (["none", "gzip"] as const).map((compression): [string, Compression] => [name, compression]),
);

test.each(rows)(
  "A10 a span of the %s exporter, compression %s, is stored",
  async (name, compression) => {
    const { traceId, spanId } = await sendSpan(
      exporters[name]?.(compression as never) as SpanExporter,
    );
    expect(running.stored).toMatchObject([
      {
        traceId,
        spanId,
        name: "chat gpt-5-mini",
        kind: 1,
        attributes: new Map<string, unknown>([
          ["gen_ai.usage.input_tokens", 1523],
          ["gen_ai.request.stop", ["a", "b"]],
        ]),
        eventNames: ["first token"],
        scope: { name: "openai", version: "1.2.0" },
      },
    ]);
    expect(running.stored[0]?.resource.attributes.get("service.name")).toBe("support-api");
  },
);

// That of gRPC gives up, here as everywhere: it asks grpc-js for no retries.
test.each(["http/json", "http/protobuf"])(
  "D01 the %s exporter sends again what was refused for a while",
  { timeout: 15_000 },
  async (name) => {
    refusals = 1;
    const { spanId } = await sendSpan(exporters[name]?.("none" as never) as SpanExporter);
    expect(running.stored.map((span) => span.spanId)).toEqual([spanId]);
  },
);
