import { flagsOf } from "./captures.ts";

/** A fact of `compare.ts`. */
export type FactName =
  | "calls"
  | "input"
  | "cached"
  | "cache write"
  | "1 h write"
  | "output"
  | "reasoning"
  | "audio in"
  | "audio out"
  | "searches";

/** What an emitter does not send. There, and nowhere else, spancost may say that it does not know. */
interface Loss {
  readonly captures: RegExp;
  readonly facts: readonly FactName[];
}

export const losses: readonly Loss[] = [
  { captures: /^openllmetry-python\/chat-cachewrite$/, facts: ["cache write"] },
  { captures: /^openllmetry-python\/chat-stream$/, facts: ["reasoning"] },
  { captures: /^openllmetry-python\/chat-audio$/, facts: ["audio in", "audio out"] },
  { captures: /^openllmetry-python\/anthropic-cache-1h$/, facts: ["1 h write"] },
  { captures: /^openllmetry-python\/(anthropic-loop|bedrock-retry)$/, facts: ["reasoning"] },
  { captures: /^openllmetry-python\/bedrock-invoke$/, facts: ["cached", "cache write"] },
  { captures: /^openinference-python\/bedrock-retry$/, facts: ["reasoning"] },
  { captures: /^otel-openai-v2(-latest)?\//, facts: ["cached", "cache write", "reasoning"] },
  { captures: /^otel-botocore\/bedrock-retry$/, facts: ["reasoning"] },
  { captures: /^otel-botocore\/bedrock-invoke$/, facts: ["cached", "cache write"] },
  { captures: /^otel-genai\/anthropic-cache-1h$/, facts: ["1 h write"] },
  { captures: /^otel-genai\/bedrock-retry$/, facts: ["reasoning"] },
  {
    captures: /^(openllmetry-python|anthropic-native-python|otel-genai)\/anthropic-search$/,
    facts: ["searches"],
  },
  { captures: /^pydantic-ai-1\/anthropic-loop$/, facts: ["reasoning"] },
  {
    captures: /(-python|^otel-genai|^otel-openai-v2|^logfire)\/chat-stream-nousage$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  {
    captures:
      /^openlit-python\/(chat|chat-cachewrite|chat-stream|retry-429x2|tool-loop.*|anthropic-loop)$/,
    facts: ["reasoning"],
  },
  { captures: /^openlit-python\/anthropic-cache-1h$/, facts: ["1 h write"] },
  { captures: /^openlit-python\/anthropic-search$/, facts: ["searches"] },
  { captures: /^openlit-python\/chat-audio$/, facts: ["audio in", "audio out"] },
  { captures: /^google-adk-python\/chat-audio$/, facts: ["audio in", "audio out"] },
  { captures: /^openinference-python-more\/smolagents-loop$/, facts: ["cached", "reasoning"] },
  { captures: /^openllmetry-python-agents\/langgraph-/, facts: ["reasoning"] },
  {
    captures: /^(openllmetry-python-agents|openlit-python-more)\/gemini-audio$/,
    facts: ["audio in", "audio out"],
  },
  { captures: /^mistral-python\//, facts: ["reasoning"] },
  { captures: /^quarkus-langchain4j\//, facts: ["cached", "reasoning"] },
  { captures: /^openlit-python-more\/(bedrock-retry|langgraph-.*)$/, facts: ["reasoning"] },
  { captures: /^langsmith-python\/chat-cachewrite$/, facts: ["cache write"] },
  { captures: /^genkit(-go)?\/embeddings$/, facts: ["input"] },
  { captures: /^genkit-go\/chat-stream$/, facts: ["input", "cached", "output", "reasoning"] },
  {
    captures: /^java-agent\/chat-stream-nousage$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  { captures: /^azure-inference\/chat/, facts: ["cached", "reasoning"] },
  { captures: /^azure-inference\/retry-429x2$/, facts: ["reasoning"] },
  { captures: /^java-agent\/chat-cachewrite$/, facts: ["cache write"] },
  { captures: /^java-agent\/bedrock-converse/, facts: ["cached"] },
  { captures: /^java-agent\/bedrock-invoke$/, facts: ["cached"] },
  { captures: /^java-agent\/bedrock-retry$/, facts: ["reasoning"] },
  { captures: /^genkit-go\/anthropic-/, facts: ["cached", "reasoning"] },
  { captures: /^strands-python\//, facts: ["reasoning"] },
  {
    captures: /^llama-index-\w+\/chat-stream-nousage$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  { captures: /^llama-index-openinference\/responses$/, facts: ["cached", "reasoning"] },
  { captures: /^llama-index-openinference\/embeddings$/, facts: ["input"] },
  { captures: /^llama-index-openllmetry\/query$/, facts: ["input"] },
  { captures: /^llama-index-open\w+\/anthropic-loop$/, facts: ["reasoning"] },
  { captures: /^crewai-openinference\//, facts: ["reasoning"] },
  { captures: /^crewai-openinference\/anthropic-/, facts: ["cache write"] },
  { captures: /^agno-openinference\//, facts: ["reasoning"] },
  { captures: /^agno-openllmetry\/chat$/, facts: ["cached", "reasoning"] },
  { captures: /^autogen-openinference\//, facts: ["cached", "reasoning"] },
  {
    captures: /^autogen-openinference\/agent-stream-loop$/,
    facts: ["input", "output"],
  },
  { captures: /^haystack-openinference\/chat/, facts: ["cached", "reasoning"] },
  { captures: /^haystack-openinference\/embeddings$/, facts: ["input"] },
  { captures: /^haystack-openinference\/anthropic-messages$/, facts: ["cached", "cache write"] },
  {
    captures: /^portkey-openinference\/chat-stream$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  {
    captures: /^dspy-openinference\/chat$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  { captures: /^semantic-kernel-python\//, facts: ["cached", "reasoning"] },
  { captures: /^semantic-kernel-python\/anthropic-/, facts: ["input", "output", "cache write"] },
  { captures: /^(agent-framework-python|livekit-agents)\/anthropic-loop$/, facts: ["reasoning"] },
  { captures: /^spring-ai(-1)?\//, facts: ["reasoning"] },
  { captures: /^spring-ai\/(chat|agent)-stream/, facts: ["cached"] },
  { captures: /^spring-ai-1\/(chat|agent)/, facts: ["cached"] },
  { captures: /^spring-ai-1\/chat-stream$/, facts: ["input", "output"] },
  { captures: /^mlflow(-3\.18)?-conventions\//, facts: ["cached", "cache write", "reasoning"] },
  {
    captures: /^mlflow\/chat-stream-nousage$/,
    facts: ["input", "cached", "output", "reasoning"],
  },
  {
    captures: /^mlflow\/anthropic-stream$/,
    facts: ["input", "cached", "cache write", "output"],
  },
  { captures: /^gemini-cli\//, facts: ["cached", "reasoning"] },
];

/** The flags in expectation.json that stand for a fact. */
const flags: Readonly<Partial<Record<FactName, RegExp>>> = {
  input: /USAGE_MISSING/,
  cached: /USAGE_MISSING|CACHED/,
  "cache write": /USAGE_MISSING|CACHE_WRITE_LOST/,
  // It does not look at that one.
  "1 h write": /./,
  output: /USAGE_MISSING/,
  reasoning: /USAGE_MISSING|REASONING_LOST/,
};

/** Whether the emitter of `capture` does not send `fact`. */
export function isLost(capture: string, fact: FactName): boolean {
  return (
    losses.some(({ captures, facts }) => captures.test(capture) && facts.includes(fact)) ||
    flags[fact]?.test(flagsOf(capture)) === true
  );
}
