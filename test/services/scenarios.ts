import { plans, type Turn } from "../record/plan.ts";

/** A request that a user of the service sends. */
export interface Ask {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the record of one billable call must say, beside its tokens and its cost. NULL is `null`. */
export interface Attributed {
  readonly feature: string;
  readonly team?: string;
  readonly user_id?: string;
  readonly conversation_id?: string;
  readonly agent?: string;
  readonly retry_count: number;
  readonly loop_iteration?: number;
  readonly agent_depth?: number;
}

/** A service, what it is asked, what the model answers, and what must come of it. */
export interface Scenario {
  readonly name: string;
  /** File in `apps/`, without its ending. */
  readonly app: string;
  /** A second service that the first one asks. */
  readonly behind?: string;
  readonly kinds: readonly ModuleKind[];
  /** Package without which the service does not run. */
  readonly needs?: string;
  readonly plan: readonly Turn[];
  readonly asks: readonly Ask[];
  /** All requests are sent together instead of one after the other. */
  readonly atOnce?: boolean;
  /** By the order in which the model billed; of requests sent at once, by user. */
  readonly records: readonly Attributed[];
}

export type ModuleKind = "mjs" | "cjs";

const both = ["mjs", "cjs"] as const;

const users = ["u-1", "u-2", "u-3", "u-4", "u-5", "u-6", "u-7", "u-8"];

const agentOf = (plan: readonly Turn[], retries: readonly number[], feature: string) =>
  plan.map((_, index) => ({
    feature,
    retry_count: retries[index] ?? 0,
    loop_iteration: index + 1,
    agent_depth: 1,
  }));

/** Of a framework whose spans do not say that they are an agent's. */
const unseenAgent = (record: Attributed): Attributed => ({ ...record, agent_depth: 0 });

export const scenarios: readonly Scenario[] = [
  {
    name: "openai chat",
    app: "answers",
    kinds: both,
    plan: [{ failures: [429, 429], ...plans.chat[0] }, plans.stream[0], { input: 905, output: 88 }],
    asks: [
      { path: "/answers", headers: { "x-user": "u-17" } },
      { path: "/answers/stream", headers: { "x-user": "u-18" } },
      { path: "/answers", headers: { "x-user": "u-19" } },
    ],
    records: [
      { feature: "search-answers", user_id: "u-17", retry_count: 2 },
      { feature: "search-answers", user_id: "u-18", retry_count: 0 },
      { feature: "search-answers", user_id: "u-19", retry_count: 0 },
    ],
  },
  {
    name: "openai, requests at once",
    app: "answers",
    kinds: ["mjs"],
    plan: users.map(() => ({ ...plans.chat[0], delay: 60 })),
    asks: users.map((user) => ({ path: "/answers", headers: { "x-user": user } })),
    atOnce: true,
    records: users.map((user_id) => ({ feature: "search-answers", user_id, retry_count: 0 })),
  },
  {
    name: "anthropic messages",
    app: "support",
    kinds: both,
    plan: [plans.anthropicHour[0], plans.anthropicStream[0], plans.anthropicRetry[0]],
    asks: [
      { path: "/replies", headers: { "x-conversation": "c-1" } },
      { path: "/replies/stream", headers: { "x-conversation": "c-2" } },
      { path: "/replies", headers: { "x-conversation": "c-3" } },
    ],
    records: [
      { feature: "replies", team: "support", conversation_id: "c-1", retry_count: 0 },
      { feature: "replies", team: "support", conversation_id: "c-2", retry_count: 0 },
      { feature: "replies", team: "support", conversation_id: "c-3", retry_count: 2 },
    ],
  },
  {
    name: "ai sdk 6 agent",
    app: "weather-6",
    kinds: both,
    plan: plans.loopRetry,
    asks: [{}],
    // `generateText` makes the same spans for a single call and for an agent.
    records: agentOf(plans.loopRetry, [0, 2, 0], "weather").map(unseenAgent),
  },
  {
    name: "ai sdk 7 agent",
    app: "weather-7",
    kinds: ["mjs"],
    needs: "ai",
    plan: plans.loopRetry,
    asks: [{}],
    records: agentOf(plans.loopRetry, [0, 2, 0], "weather"),
  },
  {
    name: "ai sdk 7 agent, own telemetry",
    app: "weather-7-own",
    kinds: ["mjs"],
    needs: "ai",
    plan: plans.loopRetry,
    asks: [{}],
    records: agentOf(plans.loopRetry, [0, 2, 0], "weather"),
  },
  {
    name: "langgraph agent",
    app: "graph",
    kinds: both,
    needs: "@langchain/langgraph",
    plan: plans.loop,
    asks: [{}],
    // Its spans call an agent a chain, so that no agent is seen around the calls.
    records: agentOf(plans.loop, [], "graph").map(unseenAgent),
  },
  {
    name: "loop by hand",
    app: "research",
    kinds: both,
    plan: [...plans.loopRetry, { input: 777, output: 41 }],
    asks: [{}],
    records: [
      ...[0, 2, 0].map((retry_count, index) => ({
        feature: "research",
        team: "labs",
        agent: "researcher",
        retry_count,
        loop_iteration: index + 1,
        agent_depth: 1,
      })),
      {
        feature: "research",
        team: "labs",
        agent: "checker",
        retry_count: 0,
        loop_iteration: 1,
        agent_depth: 2,
      },
    ],
  },
  {
    name: "two services",
    app: "shop",
    behind: "summaries",
    kinds: both,
    plan: plans.chat,
    asks: [{ headers: { "x-user": "u-21" } }],
    records: [{ feature: "reviews", user_id: "u-21", retry_count: 0 }],
  },
];
