import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningReceiver } from "./testing/running-receiver.ts";

let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start();
});
afterAll(() => running.stop());

test.each([["none"], ["gzip"]])(
  "A10 spans of the official exporter are stored, compression %s",
  async (compression) => {
    running.takeStored();
    const exporter = new OTLPTraceExporter({
      url: `http://127.0.0.1:${running.port}/v1/traces`,
      compression: compression as never,
    });
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
    expect(running.stored).toMatchObject([
      {
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
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
