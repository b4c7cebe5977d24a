import { firstText } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/** Models whose usage the InvokeModel instrumentation makes up from the length of the texts. */
const estimated = /^(\w+\.)?(mistral|cohere)\./;

/**
 * `@opentelemetry/instrumentation-aws-sdk`, and OpenTelemetry's agent for Java (`io.opentelemetry.aws-sdk-2.2`), Bedrock.
 *
 * It passes Converse's `inputTokens` on, which leaves cache reads and writes out, and does not say how many
 * there were: what it sends is a lower bound. InvokeModel of Mistral and Cohere models is `ceil(length / 6)`.
 * Source: the package's src/services/bedrock-runtime.ts; Amazon Bedrock API reference, TokenUsage.
 */
export const otelAwsSdk: Dialect = {
  id: "otel-aws-sdk",
  reads: ["rpc.method", "rpc.service"],
  node: (span) =>
    firstText(span.attributes, ["rpc.service"]) === "BedrockRuntime"
      ? nodeByOperation(span)
      : "other",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  doubts: (span) => {
    const model = firstText(span.attributes, ["gen_ai.request.model"]) ?? "";
    const invoked = firstText(span.attributes, ["rpc.method"])?.startsWith("InvokeModel") ?? false;
    return invoked && estimated.test(model)
      ? { quality: "estimated" }
      : { quality: "partial", issue: "input_excludes_cache" };
  },
};
