/** A model as its client names it, and where that sends its requests. */
export interface Model {
  readonly name: string;
  /** As the provider answers. */
  readonly answeredAs: string;
  /** In the names of the OpenTelemetry GenAI conventions. */
  readonly provider: string;
  readonly url: string;
  /** Milliseconds until an answer begins, and per token of it. */
  readonly firstTokenMs: number;
  readonly tokenMs: number;
}

const openAi = "https://api.openai.com/v1";
const gemini = "https://generativelanguage.googleapis.com/v1beta/models";

/** Real models with real prices, and one on a machine of the company, whose tokens have none. */
export const models = {
  gpt54: {
    name: "gpt-5.4",
    answeredAs: "gpt-5.4",
    provider: "openai",
    url: `${openAi}/responses`,
    firstTokenMs: 900,
    tokenMs: 11,
  },
  gpt54Mini: {
    name: "gpt-5.4-mini",
    answeredAs: "gpt-5.4-mini",
    provider: "openai",
    url: `${openAi}/responses`,
    firstTokenMs: 450,
    tokenMs: 6,
  },
  gpt5Mini: {
    name: "gpt-5-mini",
    answeredAs: "gpt-5-mini",
    provider: "openai",
    url: `${openAi}/chat/completions`,
    firstTokenMs: 500,
    tokenMs: 7,
  },
  embedding: {
    name: "text-embedding-3-small",
    answeredAs: "text-embedding-3-small",
    provider: "openai",
    url: `${openAi}/embeddings`,
    firstTokenMs: 90,
    tokenMs: 0,
  },
  sonnet: {
    name: "claude-sonnet-4-5",
    answeredAs: "claude-sonnet-4-5-20250929",
    provider: "anthropic",
    url: "https://api.anthropic.com/v1/messages",
    firstTokenMs: 1_100,
    tokenMs: 13,
  },
  haiku: {
    name: "claude-haiku-4-5",
    answeredAs: "claude-haiku-4-5-20251001",
    provider: "anthropic",
    url: "https://api.anthropic.com/v1/messages",
    firstTokenMs: 500,
    tokenMs: 6,
  },
  opus: {
    name: "claude-opus-5-5",
    answeredAs: "claude-opus-5-5",
    provider: "anthropic",
    url: "https://api.anthropic.com/v1/messages",
    firstTokenMs: 1_800,
    tokenMs: 17,
  },
  flash: {
    name: "gemini-2.5-flash",
    answeredAs: "gemini-2.5-flash",
    provider: "gcp.gemini",
    url: `${gemini}/gemini-2.5-flash:generateContent`,
    firstTokenMs: 400,
    tokenMs: 5,
  },
  mistral: {
    name: "mistral-large-latest",
    answeredAs: "mistral-large-latest",
    provider: "mistral_ai",
    url: "https://api.mistral.ai/v1/chat/completions",
    firstTokenMs: 700,
    tokenMs: 10,
  },
  ownIntent: {
    name: "acme-intent-7b",
    answeredAs: "acme-intent-7b",
    provider: "vllm",
    url: "http://models.acme.internal:8000/v1/chat/completions",
    firstTokenMs: 60,
    tokenMs: 4,
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof models;
