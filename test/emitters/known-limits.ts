const inTwoTraces =
  "MLflow tells of each call in a trace of its own: it is counted twice. `told-in-two-traces` shows it.";

/** Captures in which two emitters tell of each call in different traces. */
export const toldInTwoTraces: Readonly<Record<string, string>> = {
  "mlflow-apart-both/chat": inTwoTraces,
  "mlflow-apart-both/chat-stream": inTwoTraces,
  "mlflow-apart-both/tool-loop": inTwoTraces,
};

const cachesLeftOut =
  "The emitter leaves cached tokens out of input. The record says `partial`, `input_excludes_cache`.";
const thinkingLeftOut =
  "The emitter leaves thinking out of output. The record says `partial`, `output_excludes_reasoning`.";
const oneSpanForAll =
  "One span stands for all calls of automatic function calling, with the last one's usage.";
const sumOfTurn =
  "Only the sum of a turn has a model: it is one record, with the cost of all its calls. The record says `aggregate_only`.";

/**
 * Captures of which spancost cannot say the truth, with the reason. Each is tested to be wrong in the way
 * told here, so that one that becomes right is noticed.
 */
export const knownLimits: Readonly<Record<string, string>> = {
  ...toldInTwoTraces,
  "google-adk-openinference/agent-loop":
    "Each call writes over the one before. The record says `may_be_last_of_several`.",
  "azure-inference/embeddings": "The instrumentation does not cover embeddings.",
  "java-agent/responses": "The instrumentation does not cover the Responses API.",
  "java-agent/bedrock-converse": cachesLeftOut,
  "java-agent/bedrock-converse-stream": cachesLeftOut,
  "java-agent/bedrock-invoke": cachesLeftOut,
  "genkit-go/anthropic-messages": cachesLeftOut,
  "genkit-go/anthropic-stream": cachesLeftOut,
  "genkit-go/anthropic-loop": cachesLeftOut,
  "codex/agent-loop": sumOfTurn,
  "codex/agent-loop-retry": sumOfTurn,
  "gemini-cli/gemini-stream": thinkingLeftOut,
  "gemini-cli/gemini-tools": thinkingLeftOut,
  "gemini-cli/gemini-retry": thinkingLeftOut,
  "otel-openai/chat-stream-abort":
    "The instrumentation never ends the span of a stream that its reader leaves.",
  "traceloop/chat-stream-abort":
    "The instrumentation never ends the span of a stream that its reader leaves.",
  "openinference/chat-stream-abort":
    "The instrumentation never ends the span of a stream that its reader leaves.",
  "langsmith/chat-stream-abort": "No span is sent for a stream.",
  "langsmith/chat-stream": "No span is sent for a stream.",
  "langfuse/chat-stream-abort": "Nothing at all is sent for a stream that its reader leaves.",
  "aisdk5/stream-text-abort":
    "Only the outer span is sent, without usage; the call's own span never ends.",
  "aisdk6/stream-text-abort":
    "Only the outer span is sent, without usage; the call's own span never ends.",
  "otel-openai-v7/chat":
    "The instrumentation does not know version 7 of the `openai` package and stays silent.",
  "otel-openai-v7/retry-429x2":
    "The instrumentation does not know version 7 of the `openai` package and stays silent.",
  "traceloop/embeddings": "The instrumentation does not cover embeddings.",
  "traceloop/chat-stream-nousage":
    "The emitter sends its own tokenizer's guess. The record says `estimated`.",
  "openlit/chat-stream-nousage":
    "The emitter sends its own tokenizer's guess. The record says `estimated`.",
  "openlit/anthropic-stream-nativeoff":
    "The emitter adds a placeholder to the output. The record says `output_may_be_overstated`.",
  "bedrock-otel/converse": cachesLeftOut,
  "bedrock-otel/invoke-mistral":
    "The emitter sends a guess from the length of the texts. The record says `estimated`.",
  "openllmetry-python/anthropic-stream":
    "The emitter adds a placeholder to the output. The record says `output_may_be_overstated`.",
  "openllmetry-python/bedrock-invoke": cachesLeftOut,
  "otel-botocore/bedrock-invoke": cachesLeftOut,
  "openlit-python/chat-stream-nousage":
    "The emitter sends its own tokenizer's guess. The record says `estimated`.",
  "langsmith-python/embeddings": "Its wrapper does not cover embeddings.",
  "agno-openllmetry/agent-loop":
    "No call is told, only the agent's sum. The record says `aggregate_only`.",
  "agno-openllmetry/anthropic-loop":
    "No call is told, only the agent's sum, without caches. The record says `aggregate_only`, `input_excludes_cache`.",
  "haystack-openinference/agent-loop": "The instrumentation does not see what an agent asks.",
  "dspy-openinference/embeddings": "The instrumentation does not cover embeddings.",
  "otel-openai-v2/responses": "The instrumentation does not cover the Responses API.",
  "otel-openai-v2/responses-stream": "The instrumentation does not cover the Responses API.",
  "otel-google-genai/gemini-loop": oneSpanForAll,
  "openinference-python-more/gemini-loop": oneSpanForAll,
  "openllmetry-python-agents/gemini-loop": oneSpanForAll,
  "quarkus-langchain4j/embeddings": "The framework makes no span of embeddings.",
  "openlit-python-more/gemini-loop": oneSpanForAll,
  "openlit-python-more/bedrock-converse-stream": "Of Bedrock it covers `Converse` alone.",
  "openlit-python-more/bedrock-invoke": "Of Bedrock it covers `Converse` alone.",
  "semantic-kernel-python/embeddings": "The framework makes no span of embeddings.",
  "semantic-kernel-python/bedrock-converse": cachesLeftOut,
  "semantic-kernel-python/gemini-generate": thinkingLeftOut,
  "mlflow/gemini-stream":
    "The instrumentation does not cover streams of the `google-genai` package.",
  "mlflow-conventions/gemini-generate": thinkingLeftOut,
  "spring-ai-1/agent-loop":
    "Each call of a loop repeats those before it. The record says `may_include_earlier_calls`.",
  "spring-ai-1/agent-loop-retry":
    "Each call of a loop repeats those before it. The record says `may_include_earlier_calls`.",
  "spring-ai-1/agent-stream-loop":
    "One span stands for all calls of a streamed loop, and its counts are 0, which are unknown.",
  "spring-ai-1/anthropic-messages": cachesLeftOut,
  "spring-ai-1/anthropic-stream": cachesLeftOut,
  "spring-ai-1/anthropic-loop":
    "Each call of a loop repeats those before it, and leaves cached tokens out. The record says `may_include_earlier_calls`, `input_excludes_cache`.",
  "spring-ai/anthropic-stream": cachesLeftOut,
  "livekit-agents/anthropic-messages":
    "The emitter adds a placeholder to the output. The record says `output_may_be_overstated`.",
  "livekit-agents/anthropic-loop":
    "The emitter adds a placeholder to the output. The record says `output_may_be_overstated`.",
  "pipecat-1.12/anthropic-messages":
    "The emitter adds the counts of a stream's begin to those of its end. The record says `input_may_be_overstated`.",
};

const sumHasNone = "Requests below an agent are attempts of its calls, which nobody tells of.";

const namelessPath = "Its HTTP spans do not tell which path was asked for.";

/** Captures whose attempts are in another trace than the call, or were not instrumented at all. */
export const attemptsElsewhere: Readonly<Record<string, string>> = {
  "gemini-cli/gemini-retry": "Each attempt is a trace of its own.",
  "opencode/retry-429x2": "Each attempt has a span of its own around it, as another question has.",
  "mastra/retry-429x2": "The exporter starts a trace of its own; the HTTP spans are in another.",
  "mastra/tool-loop-retry":
    "The exporter starts a trace of its own; the HTTP spans are in another.",
  "openinference/retry-429x2-noundici": "HTTP was not instrumented.",
  "langfuse/retry-429x2": "The processor drops HTTP spans.",
  "langfuse-python/retry-429x2": "The SDK sends no HTTP spans.",
  "langfuse-python/tool-loop-retry": "The SDK sends no HTTP spans.",
  "langfuse/agent-loop-retry": "The processor drops HTTP spans.",
  "mistral-python/retry-429x2": "The span of an attempt that fails never ends.",
  "openlit-python-more/gemini-stream": "The HTTP span stands beside the call's.",
  "openllmetry-python/bedrock-retry": "The HTTP client of `boto3` was not instrumented.",
  "openinference-python/bedrock-retry": "The HTTP client of `boto3` was not instrumented.",
  "otel-genai/bedrock-retry": "The HTTP client of `boto3` was not instrumented.",
  "java-agent/bedrock-retry": "One span tells of all attempts, and not how many there were.",
  "genkit-go/retry-429x2": "Its plugins for OpenAI and Anthropic make no HTTP spans.",
  "genkit-go/agent-loop-retry": "Its plugins for OpenAI and Anthropic make no HTTP spans.",
  "genkit/retry-429x2": "Its HTTP client is out of reach of the instrumentations.",
  "genkit/agent-loop-retry": "Its HTTP client is out of reach of the instrumentations.",
  "logfire/retry-429x2": "It holds other instrumentations off while it asks.",
  "logfire/tool-loop-retry": "It holds other instrumentations off while it asks.",
  "logfire/anthropic-retry": "It holds other instrumentations off while it asks.",
  "langsmith-python/retry-429x2": "The HTTP spans are in a trace of their own.",
  "langsmith-python/tool-loop-retry": "The HTTP spans are in a trace of their own.",
  "llama-index-openinference/chat-stream": "The span ends before the request is made.",
  "llama-index-openinference/chat-stream-nousage": "The span ends before the request is made.",
  "spring-ai/retry-429x2": namelessPath,
  "spring-ai/agent-loop-retry": namelessPath,
  "agno-openllmetry/chat": sumHasNone,
  "agno-openllmetry/agent-loop": sumHasNone,
  "agno-openllmetry/anthropic-loop": sumHasNone,
  "litellm-proxy/retry-429x2": "Told on the span around the request that becomes the record.",
};
