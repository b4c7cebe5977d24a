/** Nine companies that have little in common: what they run, who uses it, when, and what they tell of it. */

/** USD per million tokens. The test holds them against what `spancost` books. */
export const rates = {
  "gpt-5-nano": { provider: "openai", input: 0.05, read: 0.005, write: 0.05, output: 0.4 },
  "gpt-4o-mini": { provider: "openai", input: 0.15, read: 0.075, write: 0.15, output: 0.6 },
  "gpt-5-mini": { provider: "openai", input: 0.25, read: 0.025, write: 0.25, output: 2 },
  "gpt-4.1-mini": { provider: "openai", input: 0.4, read: 0.1, write: 0.4, output: 1.6 },
  "gpt-5": { provider: "openai", input: 1.25, read: 0.125, write: 1.25, output: 10 },
  "gpt-4.1": { provider: "openai", input: 2, read: 0.5, write: 2, output: 8 },
  "claude-haiku-4-5": { provider: "anthropic", input: 1, read: 0.1, write: 1.25, output: 5 },
  "claude-sonnet-4-5": { provider: "anthropic", input: 3, read: 0.3, write: 3.75, output: 15 },
  "claude-opus-4-5": { provider: "anthropic", input: 5, read: 0.5, write: 6.25, output: 25 },
} as const;

export type Model = keyof typeof rates;

/** When requests come: in office hours, all day, or at one hour of the night. */
export type Clock = "office" | "flat" | number;

export interface Feature {
  readonly name: string;
  readonly service: string;
  readonly perDay: number;
  readonly clock: Clock;
  /** Calls of a request, on average. */
  readonly steps: number;
  /** Tokens: of the system prompt, and the medians of the question, of an answer and of what a tool returns. */
  readonly system: number;
  readonly question: number;
  readonly answer: number;
  readonly toolResult: number;
  /** How likely a call finds the prefix of the one before in the cache. */
  readonly hit: number;
  readonly model: Model;
  readonly agent?: string;
  readonly tools?: readonly string[];
}

export interface Company {
  readonly name: string;
  readonly days: number;
  /** Of the last day, how many hours have passed. */
  readonly lastHours: number;
  readonly features: readonly Feature[];
  readonly regions: readonly string[];
  /** `wild`: how much a user's days differ (log scale); `tail`: exponent of the ranking by use. */
  readonly users?: { readonly count: number; readonly tail: number; readonly wild: number };
  readonly tenants?: number;
  readonly teams?: readonly string[];
  /** Hours between releases of a service. */
  readonly releaseEvery: number;
  readonly weekend: number;
  /** A day's traffic over the day's before. */
  readonly growth: number;
  readonly staging: number;
  /** Whether spans name the feature; else the service is all there is. */
  readonly tellsFeature: boolean;
  /** Model providers as gateways call them, each with its share. */
  readonly gateways?: Readonly<Record<string, number>>;
}

const chat: Omit<Feature, "name" | "service" | "perDay"> = {
  clock: "office",
  steps: 1,
  system: 1400,
  question: 500,
  answer: 260,
  toolResult: 700,
  hit: 0.6,
  model: "gpt-5-mini",
};

function feature(name: string, service: string, perDay: number, more: Partial<Feature> = {}) {
  return { ...chat, ...more, name, service, perDay };
}

const usual = {
  days: 12,
  lastHours: 24,
  regions: ["eu-west-1"],
  releaseEvery: 96,
  weekend: 0.8,
  growth: 1,
  staging: 0.02,
  tellsFeature: true,
};

const bulk = { clock: "flat", steps: 1, hit: 0.3 } as const;
const agent = { steps: 5, tools: ["search_docs", "get_order", "run_sql"] } as const;

export const companies: readonly Company[] = [
  {
    ...usual,
    name: "saas",
    regions: ["us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"],
    features: [
      feature("search", "search-api", 800, { model: "gpt-5-nano", answer: 90 }),
      feature("summary", "docs-api", 420, { question: 3500, model: "gpt-4.1-mini" }),
      feature("assistant", "chat-api", 300, { ...agent, agent: "assistant" }),
      feature("translate", "docs-api", 350, { model: "gpt-4o-mini", answer: 600 }),
      feature("draft-reply", "chat-api", 260, { answer: 420, model: "gpt-5" }),
      feature("classify", "search-api", 700, { ...bulk, model: "gpt-5-nano", answer: 20 }),
    ],
  },
  {
    ...usual,
    name: "coding-agent",
    days: 11,
    users: { count: 60, tail: 0.9, wild: 0.8 },
    teams: ["core", "web", "data"],
    features: [
      feature("implement", "agent-worker", 120, {
        ...{ steps: 14, system: 9000, question: 1500, answer: 350, toolResult: 1800, hit: 0.93 },
        ...{ model: "claude-sonnet-4-5", agent: "coder", tools: ["bash", "read_file", "edit"] },
      }),
      feature("review", "review-bot", 150, { question: 9000, model: "claude-haiku-4-5", steps: 2 }),
      feature("commit-message", "agent-worker", 200, { model: "claude-haiku-4-5", answer: 60 }),
    ],
  },
  {
    ...usual,
    name: "etl",
    days: 15,
    weekend: 1,
    features: [
      feature("invoice-extract", "nightly", 500, { ...bulk, clock: 2, question: 4000 }),
      feature("catalogue-tags", "nightly", 900, { ...bulk, clock: 3, model: "gpt-5-nano" }),
      feature("contract-check", "nightly", 160, { ...bulk, clock: 4, model: "gpt-5", answer: 900 }),
      feature("ad-hoc", "workbench", 250, { model: "gpt-4.1", steps: 2, tools: ["run_sql"] }),
    ],
  },
  {
    ...usual,
    name: "support",
    users: { count: 900, tail: 0.5, wild: 0.4 },
    tenants: 40,
    features: [
      feature("answer-ticket", "support-api", 420, { ...agent, steps: 4, agent: "support" }),
      feature("suggest-article", "support-api", 700, { model: "gpt-4.1-mini" }),
      feature("sentiment", "triage", 900, { ...bulk, model: "gpt-4o-mini", answer: 15 }),
      feature("handover-note", "triage", 200, { question: 2500, model: "claude-haiku-4-5" }),
    ],
  },
  {
    ...usual,
    name: "services-only",
    tellsFeature: false,
    regions: ["westeurope", "eastus"],
    features: [
      feature("pricing-bot", "pricing-bot", 500, { model: "gpt-4.1-mini", steps: 2 }),
      feature("mail-router", "mail-router", 1200, { ...bulk, model: "gpt-5-nano" }),
      feature("kb-writer", "kb-writer", 120, { answer: 1500, model: "gpt-5" }),
      feature("voice-notes", "voice-notes", 300, { question: 1800 }),
      feature("planner", "planner", 160, { ...agent, model: "gpt-5", steps: 4 }),
    ],
  },
  {
    ...usual,
    name: "small",
    days: 16,
    lastHours: 17,
    users: { count: 25, tail: 0.6, wild: 0.5 },
    features: [
      feature("ask", "app", 140, { model: "gpt-5" }),
      feature("import", "app", 60, { question: 2500 }),
      feature("digest", "app", 30, { steps: 3, tools: ["fetch_page"], model: "gpt-4.1" }),
    ],
  },
  {
    ...usual,
    name: "seasonal",
    days: 21,
    weekend: 0.35,
    growth: 1.02,
    users: { count: 400, tail: 0.7, wild: 0.6 },
    features: [
      feature("tutor", "learn-api", 350, { steps: 2, model: "gpt-5-mini", answer: 500 }),
      feature("grading", "learn-api", 250, { question: 2200, model: "gpt-4.1" }),
      feature("quiz", "quiz-api", 300, { answer: 700, model: "gpt-4.1-mini" }),
    ],
  },
  {
    ...usual,
    name: "continuous",
    releaseEvery: 9,
    regions: ["eu-central-1", "us-west-2"],
    users: { count: 2500, tail: 0.3, wild: 0.3 },
    features: [
      feature("shop-assistant", "shop-api", 600, { ...agent, steps: 3, agent: "shop" }),
      feature("review-summary", "shop-api", 300, { question: 3000, model: "gpt-4.1-mini" }),
      feature("size-advice", "fit-api", 700, { model: "gpt-4.1-mini" }),
      feature("fraud-note", "risk-api", 120, { model: "gpt-5", answer: 600, clock: "flat" }),
    ],
  },
  {
    ...usual,
    name: "gateways",
    lastHours: 20,
    gateways: { direct: 0.6, "azure.ai.openai": 0.4 },
    users: { count: 300, tail: 0.8, wild: 0.9 },
    features: [
      feature("research", "lab-api", 130, { ...agent, steps: 6, model: "claude-sonnet-4-5" }),
      feature("rewrite", "lab-api", 500, { answer: 500, model: "gpt-4.1" }),
      feature("extract", "pipe", 600, { ...bulk, question: 2000, model: "gpt-4.1-mini" }),
      feature("moderate", "pipe", 900, { ...bulk, model: "gpt-5-nano", answer: 12 }),
    ],
  },
];
