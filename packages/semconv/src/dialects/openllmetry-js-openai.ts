import { firstText } from "../attributes.ts";
import type { Dialect } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * `@traceloop/instrumentation-openai`: for streamed chat completions it replaces the provider's usage by its
 * own tokenizer's (`enrichTokens` is on by default), and nothing on the span tells a stream from another call.
 * Source: traceloop/openllmetry-js#941.
 */
export const openllmetryJsOpenai: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-openai",
  doubts: (span, raw) => {
    const id = firstText(span.attributes, ["gen_ai.response.id"]);
    if (raw.input === undefined || !id?.startsWith("chatcmpl-")) return {};
    // A chat prompt cannot have fewer than 7 tokens: OpenAI adds at least that much framing to each.
    // Source: OpenAI cookbook, "How to count tokens with tiktoken", counting tokens for chat completions.
    const tooFew = typeof raw.input === "number" && raw.input < 7;
    return tooFew
      ? { quality: "estimated", issue: "may_be_estimated" }
      : { issue: "may_be_estimated" };
  },
};
