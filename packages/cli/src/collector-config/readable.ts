import { dialects, factKeys, type UsageKeys, usageKeys } from "@spancost/semconv";

/** How the spans of some dialects tell their counts, as far as OTTL can read it. */
export interface Readable {
  /** What statements call it. */
  readonly name: string;
  /** The dialects that it holds for. */
  readonly dialects: readonly string[];
  /** OTTL that is true for the span of a call. */
  readonly isCall: string;
  /** Where the counts are. */
  readonly keys: CountKeys;
  readonly provider: readonly string[];
  readonly requestModel: readonly string[];
  readonly responseModel: readonly string[];
  /** Its input leaves the cached tokens out. */
  readonly inputExcludesCache?: true;
  /** OTTL that is true where the span tells more than statements can read; nothing is set then. */
  readonly tellsMore?: string;
}

/** Names of attributes, of which the first that is there counts. */
export interface CountKeys {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly total: readonly string[];
  readonly cacheRead: readonly string[];
  readonly cacheWrite: readonly string[];
  readonly cacheWrite1h: readonly string[];
  readonly reasoning: readonly string[];
  /** Sound and pictures, which have other prices. */
  readonly others: readonly string[];
}

const conventions = {
  keys: countKeys(usageKeys),
  provider: factKeys.provider,
  requestModel: factKeys.requestModel,
  responseModel: factKeys.responseModel,
};

/** What semconv reads of a span, as statements take it. */
function countKeys(keys: UsageKeys): CountKeys {
  const { inputAudio, inputImage, cacheReadAudio, outputAudio, outputImage } = keys;
  return {
    ...keys,
    others: [...inputAudio, ...inputImage, ...cacheReadAudio, ...outputAudio, ...outputImage],
  };
}

/** What is read of a dialect, which has some keys of its own. */
function keysOf(id: string): UsageKeys {
  const dialect = dialects.find((each) => each.id === id);
  if (dialect === undefined) throw new TypeError(`there is no dialect ${id}`);
  return { ...usageKeys, ...dialect.keys };
}

const openinferenceKeys = keysOf("openinference");

const operation = `span.attributes["gen_ai.operation.name"]`;

/** A call names its operation, and no framework calls it a run, an agent or a tool. */
const isNamedCall =
  `IsMatch(${operation}, "^(?:chat|generate_content|text_completion|completion|embeddings)$") and ` +
  `not IsMatch(span.attributes["traceloop.span.kind"], "^(?:workflow|agent|tool|task)$")`;

/** A count in the answer that stands under no key of its own, or a tier that has other prices. */
const answerTellsMore = [
  `(span.attributes["llm.token_count.prompt_details.cache_read"] == nil and IsMatch(span.attributes["output.value"], "\\"cached_tokens\\"\\\\s*:\\\\s*[1-9]"))`,
  `IsMatch(span.attributes["output.value"], "\\"(?:cache_write_tokens|ephemeral_1h_input_tokens|web_search_requests|audio_tokens)\\"\\\\s*:\\\\s*[1-9]")`,
  `(IsMatch(span.attributes["output.value"], "\\"service_tier\\"\\\\s*:\\\\s*\\"") and not IsMatch(span.attributes["output.value"], "\\"service_tier\\"\\\\s*:\\\\s*\\"(?:auto|default|on_demand|scale|standard|standard_only)\\""))`,
].join(" or ");

/** The dialects whose counts OTTL can read, in groups of one meaning. */
export const readables: readonly Readable[] = [
  {
    name: "conventions",
    dialects: [
      "gen-ai",
      "otel-genai-python",
      "mastra",
      "pydantic-ai",
      "openlit",
      "openlit-python",
      "openllmetry-js",
      "openllmetry-js-langchain",
      "openllmetry-js-openai",
      "openllmetry-python",
      "openllmetry-python-anthropic",
    ],
    isCall: isNamedCall,
    ...conventions,
    // LiteLLM writes to spans that others made, the last call over the others.
    tellsMore: `span.attributes["hidden_params"] != nil`,
  },
  {
    name: "anthropic-sdk",
    dialects: ["anthropic-sdk"],
    isCall: isNamedCall,
    ...conventions,
    tellsMore: `span.attributes["anthropic.usage.compaction.input_tokens"] != nil`,
  },
  {
    name: "conventions, caches apart",
    dialects: [
      "openlit-anthropic",
      "openlit-python-exclusive",
      "otel-genai-bedrock",
      "openllmetry-python-bedrock",
    ],
    isCall: isNamedCall,
    ...conventions,
    inputExcludesCache: true,
  },
  {
    name: "openinference",
    dialects: ["openinference", "openinference-crewai"],
    isCall: `IsMatch(span.attributes["openinference.span.kind"], "^(?:LLM|EMBEDDING)$")`,
    keys: {
      ...countKeys(openinferenceKeys),
      others: [
        ...openinferenceKeys.inputAudio,
        ...openinferenceKeys.outputAudio,
        ...conventions.keys.others,
      ],
    },
    provider: ["llm.provider", "llm.system", ...conventions.provider],
    requestModel: [
      "llm.request.model_name",
      "llm.model_name",
      "embedding.model_name",
      "reranker.model_name",
      ...conventions.requestModel,
    ],
    responseModel: ["llm.response.model_name", "llm.model_name", ...conventions.responseModel],
    tellsMore: answerTellsMore,
  },
  {
    name: "claude-code",
    dialects: ["claude-code"],
    isCall: `span.attributes["span.type"] == "llm_request"`,
    ...conventions,
    keys: countKeys(keysOf("claude-code")),
    inputExcludesCache: true,
  },
];

const json = "its counts stand in JSON";
const byVersion = "what its counts mean depends on its version";
const byModel = "what its counts mean depends on provider and model";
const lower = "its spans do not tell enough for more than a lower bound";
const texts = "its counts are texts";
const byName = "what its spans and their counts are is told by their names";

/** The other dialects, and what OTTL cannot express of them: their spans are left as they are. */
export const unreadable: Readonly<Record<string, string>> = {
  "vercel-ai": byModel,
  "vercel-ai-otel": json,
  genkit: json,
  "google-adk": json,
  langfuse: json,
  langsmith: json,
  litellm: json,
  mlflow: json,
  logfire: json,
  "logfire-agents": json,
  "logfire-anthropic-before-4.31": byVersion,
  "openinference-before-caches": byVersion,
  "openinference-bedrock-before-converse": byVersion,
  "openllmetry-js-anthropic": byVersion,
  "openllmetry-js-anthropic-inclusive": byVersion,
  "openlit-python-google": "whether its reasoning is told depends on the scope",
  "openllmetry-python-google": "its reasoning stands only in the difference of its counts",
  "otel-botocore": byVersion,
  "otel-botocore-before-0.66": byVersion,
  "otel-google-genai-before-1.0": byVersion,
  "otel-genai-handler-1.0": byVersion,
  "otel-aws-sdk": lower,
  "gemini-cli": lower,
  laminar: "what its spans are is told by a name of its own",
  codex: "only the sum of each turn has a model",
  opencode: byModel,
  "spring-ai": texts,
  "spring-ai-1": texts,
  mistral: "what its spans are depends on the request beside",
  "openinference-agno": byName,
  "openinference-llama-index": byName,
  "openllmetry-python-agents": byName,
  ag2: byModel,
  "agent-framework": byModel,
  kong: byModel,
  livekit: json,
  pipecat: byModel,
  "quarkus-langchain4j": byModel,
  "semantic-kernel": byModel,
  strands: byModel,
};
