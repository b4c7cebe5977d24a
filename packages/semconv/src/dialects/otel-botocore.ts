import { firstText, smallCount } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";

/** Models whose usage the InvokeModel instrumentation makes up from the length of the texts. */
const estimated = /^(\w+\.)*(mistral|cohere)\./;

/**
 * `opentelemetry.instrumentation.botocore.bedrock-runtime` (opentelemetry-python-contrib).
 *
 * Input is Converse's `inputTokens`, which leaves cache reads and writes out. Since 0.66b0 those of Converse stand
 * beside it, where there were any; InvokeModel's are lost. `retry_attempts` are botocore's own.
 * Source: the published 0.65b0 and 0.66b0, botocore/extensions/bedrock.py (`estimate_token_count` too); Amazon Bedrock
 * API reference, TokenUsage.
 */
export const otelBotocore: Dialect = {
  id: "otel-botocore",
  reads: ["rpc.method", "retry_attempts"],
  node: nodeByOperation,
  meaning: (span) => {
    const told = firstText(span.attributes, ["rpc.method"])?.startsWith("Converse") ?? false;
    const absent = told ? "zero" : "unknown";
    return {
      ...inclusive,
      inputIncludesCache: false,
      absent: { cacheRead: absent, cacheWrite: absent, reasoning: "unknown" },
    };
  },
  doubts: (span, raw) => {
    const method = firstText(span.attributes, ["rpc.method"]) ?? "";
    if (method.startsWith("Converse")) return {};
    const model = firstText(span.attributes, ["gen_ai.request.model"]) ?? "";
    return estimated.test(model) ? { quality: "estimated" } : lowerBoundWithoutCaches(raw);
  },
  facts: (span) => ({ retryCount: smallCount(span.attributes, ["retry_attempts"]) }),
};

/** The same before 0.66b0, which tells of no caches at all. */
export const otelBotocoreBefore066: Dialect = {
  ...otelBotocore,
  id: "otel-botocore-before-0.66",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  doubts: (span, raw) => {
    const model = firstText(span.attributes, ["gen_ai.request.model"]) ?? "";
    const invoked = firstText(span.attributes, ["rpc.method"])?.startsWith("Invoke") ?? false;
    return invoked && estimated.test(model)
      ? { quality: "estimated" }
      : lowerBoundWithoutCaches(raw);
  },
};
