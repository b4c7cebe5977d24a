import type { ModelName } from "./models.ts";
import type { Rhythm } from "./rhythm.ts";

/** A service, and when its releases began to roll out: hours before the end of the demo, first first. */
export interface Service {
  readonly name: string;
  readonly releases: readonly number[];
}

/** Sizes of one kind of call, in tokens; medians of what is drawn. */
export interface Prompting {
  readonly model: ModelName;
  readonly inputTokens: number;
  /** Share of the input that is read from a cache, once one is warm. */
  readonly cachedShare: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
}

/** An agent: calls with tools in between, whose prompts grow by what the tools answer. */
export interface AgentWork extends Prompting {
  readonly kind: "agent";
  readonly agent: string;
  readonly tools: readonly [string, ...string[]];
  /** Calls of a run, on average. */
  readonly steps: number;
  readonly growthTokens: number;
  /** An agent that this one asks, at most once in a run. */
  readonly helper?: AgentWork;
}

/** One call, or a search with a call after it. */
export interface AnswerWork extends Prompting {
  readonly kind: "answer";
  /** Tokens of the question that is embedded to search with. */
  readonly embeddedTokens?: number;
  /** A wrapper library tells of the same calls again. */
  readonly toldTwice?: boolean;
}

/** What the company offers to its users, or does by itself. */
export interface Feature {
  /** `undefined` where a service forgot to say. */
  readonly name: string | undefined;
  readonly service: keyof typeof services;
  readonly team: string | undefined;
  readonly route: string;
  readonly requestsPerDay: number;
  readonly rhythm: Rhythm;
  readonly work: AgentWork | AnswerWork | { readonly kind: "none" };
}

/** Hours before the end at which the incident begins: with the last release of support-api. */
export const incidentHours = 9;

export const services = {
  support: { name: "support-api", releases: [240, 101, incidentHours] },
  search: { name: "search-api", releases: [240, 60] },
  documents: { name: "docs-worker", releases: [240, 146] },
  sales: { name: "sales-api", releases: [240, 124, 20] },
  tools: { name: "dev-tools", releases: [240, 77] },
  community: { name: "community-api", releases: [240] },
} as const satisfies Record<string, Service>;

export const supportAgent: AgentWork = {
  kind: "agent",
  agent: "support-agent",
  tools: ["search_orders", "search_knowledge_base", "check_refund_policy"],
  steps: 4.2,
  model: "sonnet",
  inputTokens: 7_800,
  growthTokens: 1_900,
  cachedShare: 0.82,
  outputTokens: 240,
};

/** How many people use a feature. */
export const userCount = 400;

/** The agent of the incident: its release of the last hours stops late. */
export const runawayAgent = supportAgent.agent;

/** Calls of a run in the release that stops late, on average and at most. */
export const runawaySteps = { mean: 16, most: 48 };
