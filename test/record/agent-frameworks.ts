import type { Emitter } from "./emitters.ts";

const loops = { "agent-loop": "loop", "agent-loop-retry": "loopRetry" } as const;

/** An instrumentation, as `python/tellers.py` is told of it. */
const tellers = {
  openinference: (framework: string, name: string) =>
    `openinference.instrumentation.${framework}:${name}`,
  openllmetry: (framework: string, name: string) =>
    `opentelemetry.instrumentation.${framework}:${name}`,
};
/** That of the SDK below the framework: both then tell of each call. */
const openaiTold = {
  openinference: tellers.openinference("openai", "OpenAIInstrumentor"),
  openllmetry: tellers.openllmetry("openai", "OpenAIInstrumentor"),
};
const llamaIndex = {
  language: "python",
  program: "llama-index.py",
  packages: "llama-index.txt",
} as const;
const crewai = { language: "python", program: "crewai-crew.py", packages: "crewai.txt" } as const;
const agno = { language: "python", program: "agno-agents.py", packages: "agno.txt" } as const;
const autogen = {
  language: "python",
  program: "autogen-agents.py",
  packages: "autogen.txt",
} as const;
const dspy = { language: "python", program: "dspy-program.py", packages: "dspy.txt" } as const;

/** Frameworks of agents, each as those who trace it set it up. */
export const frameworks: readonly Emitter[] = [
  {
    ...llamaIndex,
    name: "llama-index-openinference",
    env: {
      TELLERS: tellers.openinference("llama_index", "LlamaIndexInstrumentor"),
      OPENINFERENCE_HIDE_INPUTS: "true",
    },
    scenarios: {
      chat: "chat",
      structured: "chat",
      "predict-and-call": "loop",
      "chat-stream": "stream",
      "chat-stream-nousage": "stream",
      responses: "chat",
      embeddings: "embeddings",
      "retry-429x2": "retry",
      "retry-exhausted": "exhausted",
      ...loops,
      "anthropic-messages": "anthropic",
      "anthropic-stream": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...llamaIndex,
    name: "llama-index-both",
    env: {
      TELLERS: `${tellers.openinference("llama_index", "LlamaIndexInstrumentor")} ${openaiTold.openinference}`,
      OPENINFERENCE_HIDE_INPUTS: "true",
    },
    scenarios: {
      "chat-stream": "stream",
      "chat-stream-nousage": "stream",
      "agent-stream-loop": "loop",
      query: "query",
    },
  },
  {
    ...llamaIndex,
    name: "llama-index-openllmetry",
    env: {
      TELLERS: `${tellers.openllmetry("llamaindex", "LlamaIndexInstrumentor")} ${openaiTold.openllmetry}`,
      TRACELOOP_TRACE_CONTENT: "false",
    },
    scenarios: {
      responses: "chat",
      query: "query",
      ...loops,
      "anthropic-messages": "anthropic",
      "anthropic-stream": "anthropicStream",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...crewai,
    name: "crewai-openinference",
    env: {
      TELLERS: `${tellers.openinference("crewai", "CrewAIInstrumentor")}:use_event_listener`,
      OPENINFERENCE_HIDE_INPUTS: "true",
    },
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      "retry-429x2": "retry",
      ...loops,
      "two-tasks": "two",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...crewai,
    name: "crewai-both",
    env: {
      TELLERS: `${tellers.openinference("crewai", "CrewAIInstrumentor")}:use_event_listener ${openaiTold.openinference}`,
      OPENINFERENCE_HIDE_INPUTS: "true",
    },
    scenarios: { "agent-loop": "loop", "two-agents": "two" },
  },
  {
    ...crewai,
    name: "crewai-openllmetry",
    env: {
      TELLERS: `${tellers.openllmetry("crewai", "CrewAIInstrumentor")} ${openaiTold.openllmetry}`,
      TRACELOOP_TRACE_CONTENT: "false",
    },
    scenarios: { "agent-loop": "loop", "two-tasks": "two" },
  },
  {
    ...agno,
    name: "agno-openinference",
    env: { TELLERS: tellers.openinference("agno", "AgnoInstrumentor") },
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      responses: "chat",
      "retry-429x2": "retry",
      ...loops,
      "team-loop": "loop",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...agno,
    name: "agno-openllmetry",
    env: { TELLERS: tellers.openllmetry("agno", "AgnoInstrumentor") },
    scenarios: { chat: "chat", "agent-loop": "loop", "anthropic-loop": "anthropicLoop" },
  },
  {
    ...agno,
    name: "agno-openllmetry-both",
    env: {
      TELLERS: `${tellers.openllmetry("agno", "AgnoInstrumentor")} ${openaiTold.openllmetry}`,
    },
    scenarios: { "agent-loop": "loop" },
  },
  {
    ...autogen,
    name: "autogen-openinference",
    env: { TELLERS: tellers.openinference("autogen_agentchat", "AutogenAgentChatInstrumentor") },
    scenarios: {
      chat: "chat",
      "retry-429x2": "retry",
      ...loops,
      "agent-stream-loop": "loop",
      "two-agents": "two",
    },
  },
  {
    ...autogen,
    name: "autogen-both",
    env: {
      TELLERS: `${tellers.openinference("autogen_agentchat", "AutogenAgentChatInstrumentor")} ${openaiTold.openinference}`,
    },
    scenarios: { "agent-loop": "loop" },
  },
  {
    name: "ag2",
    language: "python",
    program: "ag2-agents.py",
    packages: "ag2.txt",
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      responses: "chat",
      "retry-429x2": "retry",
      ...loops,
      "two-agents": "nested",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
      "gemini-generate": "chat",
    },
  },
  {
    name: "portkey-openinference",
    language: "python",
    program: "portkey-client.py",
    packages: "portkey.txt",
    env: { TELLERS: tellers.openinference("portkey", "PortkeyInstrumentor") },
    scenarios: { chat: "chat", "chat-cachewrite": "cacheWrite", "chat-stream": "stream" },
  },
  {
    name: "haystack-openinference",
    language: "python",
    program: "haystack-pipeline.py",
    packages: "haystack.txt",
    env: { TELLERS: tellers.openinference("haystack", "HaystackInstrumentor") },
    scenarios: {
      chat: "chat",
      "chat-stream": "stream",
      embeddings: "embeddings",
      "agent-loop": "loop",
      "anthropic-messages": "anthropic",
    },
  },
  {
    name: "google-adk-openinference",
    language: "python",
    program: "google-adk-agent.py",
    packages: "google-adk-openinference.txt",
    env: { TELLERS: tellers.openinference("google_adk", "GoogleADKInstrumentor") },
    scenarios: { chat: "chat", "agent-loop": "loop" },
  },
  {
    ...dspy,
    name: "dspy-openinference",
    env: { TELLERS: tellers.openinference("dspy", "DSPyInstrumentor") },
    scenarios: { chat: "chat", embeddings: "embeddings" },
  },
  {
    ...dspy,
    name: "dspy-both",
    env: {
      TELLERS: `${tellers.openinference("dspy", "DSPyInstrumentor")} ${tellers.openinference("litellm", "LiteLLMInstrumentor")}`,
    },
    scenarios: { chat: "chat", "anthropic-messages": "anthropic" },
  },
];
