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
  keys: {
    input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
    output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
    total: ["gen_ai.usage.total_tokens"],
    cacheRead: [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.details.cache_read_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
    ],
    cacheWrite: [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_write_input_tokens",
      "gen_ai.usage.details.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
    ],
    cacheWrite1h: [
      "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
      "gen_ai.usage.cache_creation.1h_input_tokens",
    ],
    reasoning: [
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "gen_ai.usage.details.reasoning_tokens",
      "gen_ai.usage.details.thinking_tokens",
    ],
    others: [
      "gen_ai.usage.audio.input_tokens",
      "gen_ai.usage.details.input_audio_tokens",
      "gen_ai.usage.image.input_tokens",
      "gen_ai.usage.audio.cache_read.input_tokens",
      "gen_ai.usage.audio.output_tokens",
      "gen_ai.usage.details.output_audio_tokens",
      "gen_ai.usage.image.output_tokens",
    ],
  },
  provider: ["gen_ai.provider.name", "gen_ai.system"],
  requestModel: ["gen_ai.request.model"],
  responseModel: ["gen_ai.response.model"],
} as const;

const operation = `span.attributes["gen_ai.operation.name"]`;

/** A call names its operation, and no framework calls it a run, an agent or a tool. */
const isNamedCall =
  `IsMatch(${operation}, "^(?:chat|generate_content|text_completion|completion|embeddings)$") and ` +
  `not IsMatch(span.attributes["traceloop.span.kind"], "^(?:workflow|agent|tool|task)$")`;

/** A count in the answer that stands under no key of its own, or a tier that has other prices. */
const answerTellsMore = [
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
    dialects: ["openinference"],
    isCall: `IsMatch(span.attributes["openinference.span.kind"], "^(?:LLM|EMBEDDING)$")`,
    keys: {
      input: ["llm.token_count.prompt"],
      output: ["llm.token_count.completion"],
      total: ["llm.token_count.total"],
      cacheRead: [
        "llm.token_count.prompt_details.cache_read",
        "llm.token_count.prompt_details.cache_input",
      ],
      cacheWrite: ["llm.token_count.prompt_details.cache_write"],
      cacheWrite1h: conventions.keys.cacheWrite1h,
      reasoning: ["llm.token_count.completion_details.reasoning"],
      others: [
        "llm.token_count.prompt_details.audio",
        "llm.token_count.completion_details.audio",
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
    keys: {
      ...conventions.keys,
      input: ["input_tokens"],
      output: ["output_tokens"],
      cacheRead: ["cache_read_tokens"],
      cacheWrite: ["cache_creation_tokens"],
    },
    inputExcludesCache: true,
  },
];

const json = "its counts stand in JSON";
const byVersion = "what its counts mean depends on its version";
const byModel = "what its counts mean depends on provider and model";
const lower = "its spans do not tell enough for more than a lower bound";

/** The other dialects, and what OTTL cannot express of them: their spans are left as they are. */
export const unreadable: Readonly<Record<string, string>> = {
  "vercel-ai": byModel,
  "vercel-ai-otel": json,
  genkit: json,
  "google-adk": json,
  langfuse: json,
  langsmith: json,
  litellm: json,
  logfire: json,
  "logfire-anthropic-before-4.31": byVersion,
  "openinference-before-caches": byVersion,
  "openinference-bedrock-before-converse": byVersion,
  "openllmetry-js-anthropic": byVersion,
  "openllmetry-js-anthropic-inclusive": byVersion,
  "openllmetry-python-google": "its reasoning stands only in the difference of its counts",
  "otel-botocore": byVersion,
  "otel-botocore-before-0.66": byVersion,
  "otel-google-genai-before-1.0": byVersion,
  "otel-genai-handler-1.0": byVersion,
  "otel-aws-sdk": lower,
  "gemini-cli": "it has operations of its own",
  strands: byModel,
};
