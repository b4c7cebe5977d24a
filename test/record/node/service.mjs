// The service that every recorded program pretends to be: its resource, its exporter, its request.
import { SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { requestAttributes } from "./questions.mjs";

export const resource = resourceFromAttributes({
  "service.name": "support-api",
  "service.version": "1.42.0",
  "deployment.environment.name": "prod",
});

/** One body with everything in it: nothing is sent before the end. */
export function processor() {
  return new BatchSpanProcessor(new OTLPTraceExporter(), {
    scheduledDelayMillis: 600_000,
    maxExportBatchSize: 512,
  });
}

export function startTracing() {
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor()] });
  provider.register();
  registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
  return provider;
}

/** One request to the service, with the feature that it belongs to. */
export async function request(work) {
  await trace
    .getTracer("support-api")
    .startActiveSpan(
      "POST /answer",
      { kind: SpanKind.SERVER, attributes: requestAttributes },
      async (span) => {
        try {
          await work();
        } catch (error) {
          console.error(`${error}`);
        } finally {
          span.end();
        }
      },
    );
}
