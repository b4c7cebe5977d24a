import type { Emitter } from "./emitters.ts";

const loops = { "agent-loop": "loop", "agent-loop-retry": "loopRetry" } as const;

/** OpenInference's instrumentation of the SDK below: both then tell of each call. */
const openaiTold = {
  TELLERS: "openinference.instrumentation.openai:OpenAIInstrumentor",
  OPENINFERENCE_HIDE_INPUTS: "true",
};
/** The `anthropic` package makes spans of its own since 1.0, unless it is told not to. */
const anthropicSilent = { ANTHROPIC_OPEN_TELEMETRY: "false" };
const semanticKernel = {
  language: "python",
  program: "semantic-kernel.py",
  packages: "semantic-kernel.txt",
} as const;
const agentFramework = {
  language: "python",
  program: "agent-framework.py",
  packages: "agent-framework.txt",
} as const;
const livekit = {
  language: "python",
  program: "livekit-session.py",
  packages: "livekit.txt",
} as const;
const mlflow = {
  language: "python",
  program: "mlflow-tracing.py",
  packages: "mlflow.txt",
} as const;
const pipecat = { language: "python", program: "pipecat-pipeline.py" } as const;

const springAi = {
  chat: "chat",
  "chat-stream": "stream",
  embeddings: "embeddings",
  "retry-429x2": "retry",
  ...loops,
  "agent-stream-loop": "loop",
  "anthropic-messages": "anthropic",
  "anthropic-stream": "anthropicStream",
  "anthropic-loop": "anthropicLoop",
} as const;

/** Frameworks that make spans of their own, without an instrumentation. */
export const ownTracing: readonly Emitter[] = [
  {
    ...semanticKernel,
    name: "semantic-kernel-python",
    env: anthropicSilent,
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      ...loops,
      "agent-stream-loop": "loop",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
      "bedrock-converse": "anthropic",
      "gemini-generate": "chat",
    },
  },
  {
    ...semanticKernel,
    name: "semantic-kernel-python-both",
    env: openaiTold,
    scenarios: { chat: "chat", "chat-stream": "stream", "agent-loop": "loop" },
  },
  {
    ...agentFramework,
    name: "agent-framework-python",
    env: anthropicSilent,
    scenarios: {
      chat: "chat",
      "chat-cachewrite": "cacheWrite",
      "chat-stream": "stream",
      responses: "chat",
      "responses-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      ...loops,
      "agent-stream-loop": "loop",
      "two-agents": "nested",
      workflow: "two",
      "anthropic-messages": "anthropic",
      "anthropic-stream": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
      "gemini-generate": "chat",
      "bedrock-converse": "anthropic",
    },
  },
  {
    ...agentFramework,
    name: "agent-framework-python-both",
    env: openaiTold,
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      "agent-loop": "loop",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...livekit,
    name: "livekit-agents",
    env: anthropicSilent,
    scenarios: {
      chat: "stream",
      responses: "stream",
      fallback: "stream",
      "retry-429x2": "retry",
      ...loops,
      "anthropic-messages": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
      "gemini-generate": "chat",
    },
  },
  {
    ...livekit,
    name: "livekit-agents-both",
    env: openaiTold,
    scenarios: { chat: "stream", "agent-loop": "loop", "anthropic-messages": "anthropicStream" },
  },
  {
    ...pipecat,
    packages: "pipecat.txt",
    name: "pipecat",
    env: anthropicSilent,
    scenarios: {
      chat: "stream",
      "retry-429x2": "retry",
      ...loops,
      "anthropic-messages": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
      "bedrock-converse": "anthropicStream",
      "gemini-generate": "chat",
    },
  },
  {
    ...pipecat,
    packages: "pipecat-1.12.txt",
    name: "pipecat-1.12",
    env: anthropicSilent,
    scenarios: {
      "anthropic-messages": "anthropicStream",
      "bedrock-converse": "anthropicStream",
      "gemini-generate": "chat",
    },
  },
  {
    ...pipecat,
    packages: "pipecat.txt",
    name: "pipecat-both",
    env: openaiTold,
    scenarios: { chat: "stream", "agent-loop": "loop", "anthropic-messages": "anthropicStream" },
  },
  {
    ...mlflow,
    name: "mlflow",
    env: { ...anthropicSilent, MLFLOW_USE_DEFAULT_TRACER_PROVIDER: "false" },
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      "chat-stream-nousage": "stream",
      responses: "chat",
      "responses-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      "tool-loop": "loop",
      "anthropic-messages": "anthropic",
      "anthropic-cache-1h": "anthropicHour",
      "anthropic-stream": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
      "bedrock-converse": "anthropic",
      "bedrock-converse-stream": "anthropicStream",
      "bedrock-invoke": "anthropic",
      "gemini-generate": "chat",
      "gemini-stream": "stream",
      "gemini-loop": "loop",
    },
  },
  {
    ...mlflow,
    name: "mlflow-apart",
    env: anthropicSilent,
    scenarios: { chat: "chat", "tool-loop": "loop" },
  },
  {
    ...mlflow,
    name: "mlflow-apart-both",
    env: openaiTold,
    scenarios: { chat: "chat", "chat-stream": "stream", "tool-loop": "loop" },
  },
  {
    ...mlflow,
    name: "mlflow-conventions",
    env: { ...anthropicSilent, MLFLOW_ENABLE_OTEL_GENAI_SEMCONV: "true" },
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      "tool-loop": "loop",
      "anthropic-messages": "anthropic",
      "gemini-generate": "chat",
    },
  },
  {
    ...mlflow,
    packages: "mlflow-3.18.txt",
    name: "mlflow-3.18",
    env: anthropicSilent,
    scenarios: { "gemini-generate": "chat", "gemini-loop": "loop" },
  },
  {
    ...mlflow,
    packages: "mlflow-3.18.txt",
    name: "mlflow-3.18-conventions",
    env: { ...anthropicSilent, MLFLOW_ENABLE_OTEL_GENAI_SEMCONV: "true" },
    scenarios: { "gemini-generate": "chat", "gemini-loop": "loop" },
  },
  {
    ...mlflow,
    name: "mlflow-both",
    env: { ...openaiTold, MLFLOW_USE_DEFAULT_TRACER_PROVIDER: "false" },
    scenarios: { chat: "chat", "tool-loop": "loop", "anthropic-messages": "anthropic" },
  },
  {
    name: "laminar",
    language: "python",
    program: "laminar-sdk.py",
    packages: "laminar.txt",
    env: anthropicSilent,
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      responses: "chat",
      "anthropic-messages": "anthropic",
      "anthropic-stream": "anthropicStream",
    },
  },
  {
    name: "azure-inference",
    language: "python",
    program: "azure-inference.py",
    packages: "azure-inference.txt",
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
    },
  },
  {
    language: "java",
    program: "spring-ai",
    packages: "spring-ai.xml",
    name: "spring-ai",
    scenarios: springAi,
  },
  {
    language: "java",
    program: "spring-ai",
    packages: "spring-ai-1.xml",
    name: "spring-ai-1",
    scenarios: springAi,
  },
  {
    language: "java",
    program: "quarkus-langchain4j",
    packages: "quarkus-langchain4j.xml",
    name: "quarkus-langchain4j",
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      ...loops,
    },
  },
];
