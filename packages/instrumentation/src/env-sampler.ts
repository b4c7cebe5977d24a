import { diag } from "@opentelemetry/api";
import { envText } from "./environment.ts";
import type { SamplerLike } from "./record-model-spans.ts";
import { classNamed } from "./sdk-modules.ts";
import type { SdkTrace } from "./sdk-trace.ts";

/** The sampler that NodeSDK makes from `OTEL_TRACES_SAMPLER` and its argument when it is given none. */
export function samplerFromEnv(trace: SdkTrace): SamplerLike {
  const named = envText("OTEL_TRACES_SAMPLER");
  const name = named ?? "parentbased_always_on";
  const root = rootSampler(name.replace(/^parentbased_/, ""), trace);
  if (root === undefined) {
    diag.error(`spancost: unknown OTEL_TRACES_SAMPLER "${name}", using parentbased_always_on`);
    return parentBased(make(trace, "AlwaysOnSampler"), trace);
  }
  return name.startsWith("parentbased_") ? parentBased(root, trace) : root;
}

function rootSampler(name: string, trace: SdkTrace): SamplerLike | undefined {
  switch (name) {
    case "always_on":
      return make(trace, "AlwaysOnSampler");
    case "always_off":
      return make(trace, "AlwaysOffSampler");
    case "traceidratio":
      return make(trace, "TraceIdRatioBasedSampler", ratio());
    default:
      return undefined;
  }
}

/** 1 where it is not set or no share, as in the SDK. */
function ratio(): number {
  const text = envText("OTEL_TRACES_SAMPLER_ARG");
  const value = text === undefined ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  diag.error(`spancost: OTEL_TRACES_SAMPLER_ARG is no share from 0 to 1, using 1`);
  return 1;
}

function parentBased(root: SamplerLike, trace: SdkTrace): SamplerLike {
  return make(trace, "ParentBasedSampler", { root });
}

function make(trace: SdkTrace, name: string, ...args: readonly unknown[]): SamplerLike {
  return new (classNamed(trace.module, name))(...args) as SamplerLike;
}
