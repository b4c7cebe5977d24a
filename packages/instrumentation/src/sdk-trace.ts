import { envText } from "./environment.ts";
import { classNamed, type ModuleExports, type ModulePlace } from "./sdk-modules.ts";

/** The SDK's package for traces, whose classes are made differently in each generation. */
export interface SdkTrace {
  readonly module: ModuleExports;
  batchProcessor(exporter: object): object;
  simpleProcessor(exporter: object): object;
}

/**
 * The trace SDK that NodeSDK at `sdk` uses: `@opentelemetry/sdk-trace` since 2.9, whose processors take an object, or
 * `@opentelemetry/sdk-trace-base` before, whose processors take the exporter itself.
 *
 * @throws Error where neither is there
 */
export function loadSdkTrace(sdk: ModulePlace): SdkTrace {
  const isCurrent = sdk.find("@opentelemetry/sdk-trace") !== undefined;
  const module = sdk.load(isCurrent ? "@opentelemetry/sdk-trace" : "@opentelemetry/sdk-trace-base");
  const make = (name: string, exporter: object, limits: object) => {
    const Processor = classNamed(module, name);
    return isCurrent ? new Processor({ exporter, ...limits }) : new Processor(exporter, limits);
  };
  return {
    module,
    batchProcessor: (exporter) => make("BatchSpanProcessor", exporter, batchLimits()),
    simpleProcessor: (exporter) => make("SimpleSpanProcessor", exporter, {}),
  };
}

/** What is not set is left to the SDK's defaults, as is what is no positive number. */
function batchLimits(): object {
  return {
    ...positive("maxQueueSize", "OTEL_BSP_MAX_QUEUE_SIZE"),
    ...positive("scheduledDelayMillis", "OTEL_BSP_SCHEDULE_DELAY"),
    ...positive("exportTimeoutMillis", "OTEL_BSP_EXPORT_TIMEOUT"),
    ...positive("maxExportBatchSize", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
  };
}

function positive(option: string, variable: string): object {
  const value = Number(envText(variable));
  return Number.isFinite(value) && value > 0 ? { [option]: value } : {};
}
