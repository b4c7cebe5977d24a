import { diag } from "@opentelemetry/api";
import { envList, envText } from "./environment.ts";
import { classNamed, type ModuleExports, type ModulePlace } from "./sdk-modules.ts";
import type { SdkTrace } from "./sdk-trace.ts";
import { watchExporter } from "./watch-exporter.ts";

/**
 * The span processors that NodeSDK makes from `OTEL_TRACES_EXPORTER`, `OTEL_EXPORTER_OTLP_*` and `OTEL_BSP_*` when it is
 * given none. Endpoint, headers, timeout and compression are read by the exporters themselves.
 *
 * Source: opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables.
 *
 * @param sdk as seen from the package of NodeSDK, which brings the exporters
 */
export function processorsFromEnv(sdk: ModulePlace, trace: SdkTrace): readonly object[] {
  const names = envList("OTEL_TRACES_EXPORTER").filter((name) => name !== "null");
  if (names.includes("none")) return [];
  return (names.length === 0 ? ["otlp"] : names).flatMap((name) => {
    try {
      const processor = processorOf(name, sdk, trace);
      if (processor !== undefined) return [processor];
      diag.warn(`spancost: unknown exporter "${name}" in OTEL_TRACES_EXPORTER`);
    } catch (problem) {
      diag.error(`spancost: exporter "${name}" of OTEL_TRACES_EXPORTER is not installed`, problem);
    }
    return [];
  });
}

function processorOf(name: string, sdk: ModulePlace, trace: SdkTrace): object | undefined {
  switch (name) {
    case "console":
      return trace.simpleProcessor(new (classNamed(trace.module, "ConsoleSpanExporter"))());
    case "otlp":
      return trace.batchProcessor(exporter(otlpModule(sdk), "OTLPTraceExporter"));
    case "zipkin":
      return trace.batchProcessor(
        exporter(sdk.load("@opentelemetry/exporter-zipkin"), "ZipkinExporter"),
      );
    default:
      return undefined;
  }
}

function exporter(module: ModuleExports, name: string): object {
  return watchExporter(new (classNamed(module, name))());
}

function otlpModule(sdk: ModulePlace): ModuleExports {
  const protocol =
    envText("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ??
    envText("OTEL_EXPORTER_OTLP_PROTOCOL") ??
    "http/protobuf";
  switch (protocol) {
    case "grpc":
      return sdk.load("@opentelemetry/exporter-trace-otlp-grpc");
    case "http/json":
      return sdk.load("@opentelemetry/exporter-trace-otlp-http");
    case "http/protobuf":
      break;
    default:
      diag.warn(`spancost: unsupported OTLP traces protocol "${protocol}", using http/protobuf`);
  }
  return sdk.load("@opentelemetry/exporter-trace-otlp-proto");
}
