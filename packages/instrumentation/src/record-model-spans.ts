import type { Attributes, Context, Link } from "@opentelemetry/api";
import { report } from "./quietly.ts";

/** An OpenTelemetry sampler, as far as it is used: 2.x and 3.x have the same. */
export interface SamplerLike {
  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: number,
    attributes: Attributes,
    links: Link[],
  ): SamplingResultLike;
  toString(): string;
}

export interface SamplingResultLike {
  readonly decision: number;
}

/** `SamplingDecision` of the SDK. */
const notRecorded = 0;
const recorded = 1;

/** Namespaces that spans about models start with in every dialect; one of their keys is enough. */
const modelKey = /^(gen_ai|llm|ai|openinference|traceloop|langfuse|langsmith|anthropic|openai)\./;

/**
 * `base`, but spans about models are recorded even where they are not sampled, so that they are counted in metrics and
 * budgets. They are not exported, and nothing else about sampling changes.
 *
 * They are known by the attributes that they start with; a span that gets its first later stays unrecorded.
 */
export function recordModelSpans<Sampler extends SamplerLike>(base: Sampler): SamplerLike {
  return {
    shouldSample(context, traceId, spanName, spanKind, attributes, links) {
      const result = base.shouldSample(context, traceId, spanName, spanKind, attributes, links);
      try {
        if (result.decision !== notRecorded || !isAboutModels(attributes)) return result;
        return { ...result, decision: recorded };
      } catch (problem) {
        report("deciding what to record", problem);
        return result;
      }
    },
    toString: () => `RecordModelSpans{${base.toString()}}`,
  };
}

function isAboutModels(attributes: Attributes): boolean {
  for (const key in attributes) if (modelKey.test(key)) return true;
  return false;
}
