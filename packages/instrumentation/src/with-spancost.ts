import type { TextMapPropagator } from "@opentelemetry/api";
import { countsCalls, hasLimits } from "./call-handlers.ts";
import { processorsFromEnv } from "./env-exporters.ts";
import { propagatorFromEnv } from "./env-propagator.ts";
import { samplerFromEnv } from "./env-sampler.ts";
import { envList, isDisabled } from "./environment.ts";
import type { SpancostOptions } from "./options.ts";
import { AttributionPropagator } from "./propagator.ts";
import { report } from "./quietly.ts";
import { recordModelSpans, type SamplerLike } from "./record-model-spans.ts";
import { findPlaceOf, type ModulePlace } from "./sdk-modules.ts";
import { loadSdkTrace, type SdkTrace } from "./sdk-trace.ts";
import { SpanCostProcessor } from "./span-cost-processor.ts";

/** What is looked at of the configuration of NodeSDK, 2.x and 3.x; the rest passes through. */
interface NodeSdkConfig {
  readonly spanProcessors?: readonly unknown[];
  readonly spanProcessor?: unknown;
  readonly traceExporter?: unknown;
  readonly sampler?: unknown;
  readonly textMapPropagator?: unknown;
}

/**
 * `config` for `new NodeSDK(…)`, and spancost with it.
 *
 * - Adds a `SpanCostProcessor` before the processors that export.
 * - Keeps the exporter that `traceExporter` or `OTEL_*` configure: NodeSDK drops both as soon as it is given processors.
 * - Lets attribution travel as baggage (`AttributionPropagator`) on the propagators that are configured.
 * - Where metrics, budgets or guardrails are on, records spans about models that sampling leaves out.
 *
 * What goes wrong is reported, and `config` is returned as it was.
 */
export function withSpancost<Config extends object>(
  config: Config = {} as Config,
  options: SpancostOptions = {},
): Config {
  if (isDisabled()) return config;
  try {
    return { ...config, ...added(config as NodeSdkConfig, options) };
  } catch (problem) {
    report("adding to the configuration of NodeSDK", problem);
    return config;
  }
}

function added(config: NodeSdkConfig, options: SpancostOptions): object {
  const sdk = findPlaceOf("@opentelemetry/sdk-node");
  const exporting = exportingProcessors(config, sdk);
  // Without a processor NodeSDK starts no tracing at all, and it is not for spancost to start it.
  if (exporting.length === 0 && !usesCalls(options)) return {};
  return {
    spanProcessors: [new SpanCostProcessor(options), ...exporting],
    // They are among the processors now; NodeSDK would warn that one of them is deprecated.
    spanProcessor: undefined,
    traceExporter: undefined,
    ...withSampler(config, options, sdk),
    ...withPropagator(config, options, sdk),
  };
}

/** Whether there is something to do with calls even where no span is exported. */
function usesCalls(options: SpancostOptions): boolean {
  return countsCalls(options) || hasLimits(options);
}

function exportingProcessors(
  { spanProcessors, spanProcessor, traceExporter }: NodeSdkConfig,
  sdk: ModulePlace | undefined,
): readonly unknown[] {
  if (spanProcessors !== undefined) return spanProcessors;
  if (spanProcessor !== undefined) return [spanProcessor];
  const place = required(sdk);
  const trace = loadSdkTrace(place);
  return traceExporter === undefined
    ? processorsFromEnv(place, trace)
    : [trace.batchProcessor(traceExporter as object)];
}

function withSampler(
  { sampler }: NodeSdkConfig,
  options: SpancostOptions,
  sdk: ModulePlace | undefined,
): object {
  if (!usesCalls(options)) return {};
  const base = (sampler as SamplerLike | undefined) ?? samplerFromEnv(traceOf(sdk));
  return { sampler: recordModelSpans(base) };
}

function withPropagator(
  { textMapPropagator }: NodeSdkConfig,
  options: SpancostOptions,
  sdk: ModulePlace | undefined,
): object {
  // `null` asks NodeSDK for no propagator.
  if (textMapPropagator === null) return {};
  const base =
    (textMapPropagator as TextMapPropagator | undefined) ?? propagatorFromEnv(required(sdk));
  if (base === undefined) return {};
  const to = options.propagateTo ?? hostsFromEnv();
  return { textMapPropagator: new AttributionPropagator(base, to) };
}

/** "none" keeps attribution in the process. */
function hostsFromEnv(): readonly string[] | false {
  const hosts = envList("SPANCOST_PROPAGATE_TO");
  return hosts.includes("none") ? false : hosts;
}

function traceOf(sdk: ModulePlace | undefined): SdkTrace {
  return loadSdkTrace(required(sdk));
}

function required(sdk: ModulePlace | undefined): ModulePlace {
  if (sdk === undefined) throw new Error("@opentelemetry/sdk-node is not installed");
  return sdk;
}
