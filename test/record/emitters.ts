import { frameworks } from "./agent-frameworks.ts";
import { codingAgents } from "./coding-agents.ts";
import { ownTracing } from "./own-tracing.ts";
import type { PlanName } from "./plan.ts";

/** A set-up that makes spans: a program, the packages it needs, and what it is asked to do. */
export interface Emitter {
  /** Folder of the captures. */
  readonly name: string;
  readonly language: "python" | "node" | "java" | "go";
  /** File in `python/` or `node/`, folder in `java/` or `go/`; it is given a scenario's name. */
  readonly program: string;
  /** File of pinned packages, beside the program; of Go the one inside. */
  readonly packages: string;
  /** Each scenario and what the model server answers. */
  readonly scenarios: Readonly<Record<string, PlanName>>;
  readonly env?: Readonly<Record<string, string>>;
  /** It tells of much beside models: spans that lead to none are not recorded. */
  readonly modelsOnly?: true;
}

const openai = {
  chat: "chat",
  "chat-cachewrite": "cacheWrite",
  "chat-stream": "stream",
  "chat-stream-nousage": "stream",
  responses: "chat",
  "responses-stream": "stream",
  embeddings: "embeddings",
  "retry-429x2": "retry",
  "retry-exhausted": "exhausted",
  "tool-loop": "loop",
  "tool-loop-retry": "loopRetry",
} as const;

const anthropic = {
  "anthropic-messages": "anthropic",
  "anthropic-cache-1h": "anthropicHour",
  "anthropic-stream": "anthropicStream",
  "anthropic-retry": "anthropicRetry",
  "anthropic-loop": "anthropicLoop",
  "anthropic-search": "search",
} as const;

const bedrock = {
  "bedrock-converse": "anthropic",
  "bedrock-converse-stream": "anthropicStream",
  "bedrock-invoke": "anthropic",
  "bedrock-retry": "retry",
} as const;

const gemini = {
  "gemini-generate": "chat",
  "gemini-audio": "audio",
  "gemini-stream": "stream",
  "gemini-loop": "loop",
  "gemini-retry": "retry",
} as const;

const litellm = {
  chat: "chat",
  "chat-cachewrite": "cacheWrite",
  "chat-stream": "stream",
  embeddings: "embeddings",
  "retry-429x2": "retry",
  "retry-exhausted": "exhausted",
  "tool-loop": "loop",
  "anthropic-messages": "anthropic",
  "anthropic-stream": "anthropicStream",
  "bedrock-converse": "anthropic",
} as const;

const agent = {
  "agent-loop": "loop",
  "agent-loop-retry": "loopRetry",
} as const;

const agentRuns = {
  "langgraph-loop": "loop",
  "langgraph-loop-retry": "loopRetry",
  "agents-sdk-loop": "loop",
  "agents-sdk-loop-retry": "loopRetry",
} as const;

const genkit = {
  chat: "chat",
  "chat-stream": "stream",
  embeddings: "embeddings",
  "retry-429x2": "retry",
  "retry-exhausted": "exhausted",
  ...agent,
  "anthropic-messages": "anthropic",
  "anthropic-stream": "anthropicStream",
  "anthropic-loop": "anthropicLoop",
  "gemini-generate": "chat",
  "gemini-loop": "loop",
} as const;

const logfireAgents = {
  language: "python",
  program: "logfire-agents.py",
  packages: "logfire-agents.txt",
} as const;

/** Every set-up that `record.ts` knows. */
export const emitters: readonly Emitter[] = [
  {
    name: "openllmetry-python",
    language: "python",
    program: "openllmetry.py",
    packages: "openllmetry.txt",
    scenarios: { ...openai, "chat-audio": "audio", ...anthropic, ...bedrock },
  },
  {
    name: "openinference-python",
    language: "python",
    program: "openinference-spans.py",
    packages: "openinference.txt",
    scenarios: {
      ...openai,
      "chat-audio": "audio",
      ...anthropic,
      ...bedrock,
      ...agentRuns,
    },
  },
  {
    name: "anthropic-native-python",
    language: "python",
    program: "anthropic-native.py",
    packages: "openllmetry.txt",
    scenarios: { ...anthropic, "anthropic-tool-runner": "anthropicLoop" },
  },
  {
    name: "otel-openai-v2",
    language: "python",
    program: "otel-contrib.py",
    packages: "otel-contrib.txt",
    scenarios: openai,
  },
  {
    name: "otel-openai-v2-latest",
    language: "python",
    program: "otel-contrib.py",
    packages: "otel-contrib.txt",
    env: { OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental" },
    scenarios: { chat: "chat", "chat-stream": "stream", "tool-loop": "loop" },
  },
  {
    name: "otel-botocore",
    language: "python",
    program: "otel-contrib.py",
    packages: "otel-contrib.txt",
    scenarios: bedrock,
  },
  {
    name: "otel-google-genai",
    language: "python",
    program: "otel-google-genai.py",
    packages: "otel-google-genai.txt",
    scenarios: gemini,
  },
  {
    name: "otel-genai",
    language: "python",
    program: "otel-genai.py",
    packages: "otel-genai.txt",
    scenarios: {
      ...openai,
      "chat-audio": "audio",
      ...anthropic,
      ...bedrock,
      ...agentRuns,
    },
  },
  {
    name: "pydantic-ai",
    language: "python",
    program: "pydantic-ai.py",
    packages: "pydantic-ai.txt",
    scenarios: {
      chat: "chat",
      "chat-audio": "audio",
      "chat-stream": "stream",
      responses: "chat",
      ...agent,
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      embeddings: "embeddings",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    name: "pydantic-ai-1",
    language: "python",
    program: "pydantic-ai.py",
    packages: "pydantic-ai-1.txt",
    scenarios: { chat: "chat", ...agent, "anthropic-loop": "anthropicLoop" },
  },
  {
    name: "litellm",
    language: "python",
    program: "litellm-sdk.py",
    packages: "litellm.txt",
    scenarios: litellm,
  },
  {
    name: "litellm-request-span",
    language: "python",
    program: "litellm-sdk.py",
    packages: "litellm.txt",
    env: { USE_OTEL_LITELLM_REQUEST_SPAN: "true" },
    scenarios: litellm,
  },
  {
    name: "litellm-latest",
    language: "python",
    program: "litellm-sdk.py",
    packages: "litellm.txt",
    env: {
      USE_OTEL_LITELLM_REQUEST_SPAN: "true",
      OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental",
    },
    scenarios: { chat: "chat", "anthropic-messages": "anthropic", "tool-loop": "loop" },
  },
  {
    name: "litellm-proxy",
    language: "python",
    program: "litellm-proxy.py",
    packages: "litellm.txt",
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      "anthropic-messages": "anthropic",
      "cache-hit": "chat",
    },
  },
  {
    name: "strands-python",
    language: "python",
    program: "strands-agent.py",
    packages: "strands.txt",
    scenarios: {
      ...agent,
      chat: "chat",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
      "bedrock-loop": "anthropicLoop",
    },
  },
  {
    name: "logfire",
    language: "python",
    program: "logfire-sdk.py",
    packages: "logfire.txt",
    scenarios: { ...openai, "chat-audio": "audio", ...anthropic },
  },
  {
    name: "logfire-both",
    language: "python",
    program: "logfire-sdk.py",
    packages: "logfire.txt",
    env: { ANTHROPIC_OPEN_TELEMETRY: "true" },
    scenarios: { "anthropic-messages": "anthropic", "anthropic-stream": "anthropicStream" },
  },
  {
    ...logfireAgents,
    name: "logfire-agents",
    scenarios: {
      chat: "chat",
      responses: "chat",
      "responses-stream": "stream",
      "agents-sdk-loop": "loop",
      "agents-sdk-loop-retry": "loopRetry",
      "two-agents": "nested",
      "retry-exhausted": "exhausted",
    },
  },
  {
    ...logfireAgents,
    name: "logfire-agents-both",
    env: { OPENAI_TOLD: "true" },
    scenarios: { chat: "chat", responses: "chat", "agents-sdk-loop": "loop" },
  },
  {
    name: "openai-agents-js",
    language: "node",
    program: "openai-agents.mjs",
    packages: "openai-agents.txt",
    scenarios: { responses: "chat", "retry-429x2": "retry", ...agent },
  },
  {
    name: "genkit",
    language: "node",
    program: "genkit.mjs",
    packages: "genkit.txt",
    scenarios: { ...genkit, "chat-audio": "audio" },
  },
  {
    name: "genkit-go",
    language: "go",
    program: "genkit",
    packages: "genkit/go.mod",
    scenarios: genkit,
  },
  {
    name: "java-agent",
    language: "java",
    program: "java-agent",
    packages: "java-agent.xml",
    env: {
      OTEL_SERVICE_NAME: "support-api",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
    },
    scenarios: {
      chat: "chat",
      "chat-cachewrite": "cacheWrite",
      "chat-stream": "stream",
      "chat-stream-nousage": "stream",
      responses: "chat",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      "tool-loop": "loop",
      "tool-loop-retry": "loopRetry",
      ...bedrock,
    },
  },
  {
    name: "openlit-python",
    language: "python",
    program: "openlit-spans.py",
    packages: "openlit.txt",
    scenarios: { ...openai, "chat-audio": "audio", ...anthropic },
  },
  {
    name: "openlit-python-more",
    language: "python",
    program: "openlit-more.py",
    packages: "openlit-more.txt",
    scenarios: {
      ...gemini,
      ...bedrock,
      ...agentRuns,
    },
  },
  {
    name: "google-adk-python",
    language: "python",
    program: "google-adk-agent.py",
    packages: "google-adk.txt",
    scenarios: { chat: "chat", "chat-audio": "audio", "agent-loop": "loop" },
  },
  {
    name: "langfuse-python",
    language: "python",
    program: "langfuse-sdk.py",
    packages: "langfuse.txt",
    scenarios: { ...openai, "chat-audio": "audio" },
  },
  {
    name: "openllmetry-python-agents",
    language: "python",
    program: "openllmetry-agents.py",
    packages: "openllmetry-agents.txt",
    scenarios: {
      ...agentRuns,
      ...gemini,
    },
  },
  {
    name: "openinference-python-more",
    language: "python",
    program: "openinference-more.py",
    packages: "openinference-more.txt",
    scenarios: {
      ...gemini,
      "litellm-chat": "chat",
      "litellm-anthropic": "anthropic",
      "smolagents-loop": "loop",
    },
  },
  {
    name: "langsmith-python",
    language: "python",
    program: "langsmith-sdk.py",
    packages: "langsmith.txt",
    scenarios: openai,
  },
  ...frameworks,
  ...ownTracing,
  ...codingAgents,
];
