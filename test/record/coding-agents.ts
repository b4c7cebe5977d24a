import type { Emitter } from "./emitters.ts";

const program = {
  language: "node",
  program: "coding-agent.mjs",
  packages: "coding-agents.txt",
  modelsOnly: true,
} as const;

/** Programs that write code, asked once, with their own telemetry. */
export const codingAgents: readonly Emitter[] = [
  {
    ...program,
    name: "codex",
    env: { AGENT: "codex" },
    scenarios: {
      responses: "chat",
      "responses-stream": "stream",
      "agent-loop": "loop",
      "agent-loop-retry": "loopRetry",
      "retry-exhausted": "exhausted",
    },
  },
  {
    ...program,
    name: "copilot-cli",
    env: { AGENT: "copilot" },
    scenarios: {
      chat: "chat",
      "chat-cachewrite": "cacheWrite",
      responses: "chat",
      "retry-429x2": "retry",
      "agent-loop": "loop",
      "agent-loop-retry": "loopRetry",
      "anthropic-messages": "anthropic",
      "anthropic-loop": "anthropicLoop",
    },
  },
  {
    ...program,
    name: "gemini-cli",
    env: { AGENT: "gemini" },
    scenarios: {
      "gemini-stream": "stream",
      // Each call is a trace of its own: no loop is shown.
      "gemini-tools": "loop",
      "gemini-retry": "retry",
    },
  },
  {
    ...program,
    name: "opencode",
    env: { AGENT: "opencode" },
    scenarios: {
      "chat-stream": "stream",
      "retry-429x2": "retry",
      "agent-loop": "loop",
      "anthropic-loop": "anthropicLoop",
    },
  },
];
