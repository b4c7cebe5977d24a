import { firstText, jsonObject } from "./attributes.ts";
import { keyList } from "./key-list.ts";
import type { AttributeSource, AttributeValue } from "./span-view.ts";

/** Who a span's cost belongs to, as far as the span itself says. Descendants inherit it. */
export interface Attribution {
  readonly feature: string | undefined;
  readonly team: string | undefined;
  readonly userId: string | undefined;
  readonly conversationId: string | undefined;
  readonly promptName: string | undefined;
  readonly promptVersion: string | undefined;
  /** What people attached under their emitter's metadata prefix: short scalars only. */
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** From baggage copied to the span or from its resource: used where no ancestor says better. */
  readonly fallback: {
    readonly feature: string | undefined;
    readonly team: string | undefined;
    readonly userId: string | undefined;
    readonly conversationId: string | undefined;
  };
}

const keys = {
  feature: keyList("spancost.feature", "app.feature", "feature"),
  team: keyList("spancost.team", "app.team", "team", "metadata.user_api_key_team_alias"),
  userId: keyList("spancost.user", "user.id", "enduser.id", "langfuse.user.id"),
  conversationId: keyList(
    "gen_ai.conversation.id",
    "session.id",
    "langfuse.session.id",
    "gcp.vertex.agent.session_id",
  ),
  promptName: keyList("gen_ai.prompt.name", "langfuse.observation.prompt.name"),
  promptVersion: keyList("gen_ai.prompt.version", "langfuse.observation.prompt.version"),
} as const;

/** The same facts under the names that people choose inside an emitter's metadata. */
const tagNames = {
  feature: ["feature"],
  team: ["team"],
  userId: ["userId", "user_id"],
  conversationId: ["conversationId", "conversation_id", "sessionId", "session_id", "thread_id"],
  promptName: ["promptName", "prompt_name"],
  promptVersion: ["promptVersion", "prompt_version"],
} as const;

/** A name that a framework gives to a run says less than a feature that a person named. */
const weakFeature = keyList(
  "ai.telemetry.functionId",
  "traceloop.workflow.name",
  "langfuse.trace.name",
);

/** The same keys as baggage that was copied to the span. */
const baggageKeys = {
  feature: keyList(...keys.feature.map(inBaggage)),
  team: keyList(...keys.team.map(inBaggage)),
  userId: keyList(...keys.userId.map(inBaggage)),
  conversationId: keyList(...keys.conversationId.map(inBaggage)),
};

function inBaggage(key: string): string {
  return `baggage.${key}`;
}

/** Prefixes under which emitters put what people attached to a span. */
const tagPrefixes = [
  "spancost.tag.",
  "ai.telemetry.metadata.",
  "traceloop.association.properties.",
  "langfuse.trace.metadata.",
  "langsmith.metadata.",
  "mastra.metadata.",
];

/** What frameworks put there themselves: of no use as a tag, and different for every call. */
const noise = /^(ls_|lc_|lg_|langgraph_|LANGSMITH|LANGCHAIN|usage_metadata|runId|headers|body)/;

const maxTags = 32;
const maxTagLength = 128;

/** Keys that attribution is read from, beside those that are tags. */
export const attributionKeys: readonly string[] = [
  ...Object.values(keys).flat(),
  ...Object.values(baggageKeys).flat(),
  ...weakFeature,
  "metadata",
];

/** The name of the tag that attribute `key` holds, if it holds one. */
export function tagName(key: string): string | undefined {
  const prefix = tagPrefixes.find((candidate) => key.startsWith(candidate));
  const name = prefix === undefined ? "" : key.slice(prefix.length);
  return name === "" || noise.test(name) ? undefined : name;
}

/** Reads attribution from a span's attributes and, for what it lacks, its resource. */
export function readAttribution(span: AttributeSource, resource: AttributeSource): Attribution {
  const tags = readTags(span);
  const find = (fact: keyof typeof keys) => firstText(span, keys[fact]) ?? tagged(tags, fact);
  const fall = (fact: "feature" | "team" | "userId" | "conversationId") =>
    firstText(span, baggageKeys[fact]) ?? firstText(resource, keys[fact]);
  return {
    feature: find("feature"),
    team: find("team"),
    userId: find("userId"),
    conversationId: find("conversationId"),
    promptName: find("promptName"),
    promptVersion: find("promptVersion"),
    tags,
    fallback: {
      feature: fall("feature") ?? firstText(span, weakFeature),
      team: fall("team"),
      userId: fall("userId"),
      conversationId: fall("conversationId"),
    },
  };
}

function tagged(
  tags: ReadonlyMap<string, string> | undefined,
  fact: keyof typeof tagNames,
): string | undefined {
  if (tags === undefined) return undefined;
  for (const name of tagNames[fact]) {
    const value = tags.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function readTags(span: AttributeSource): ReadonlyMap<string, string> | undefined {
  let tags: Map<string, string> | undefined;
  const add = (name: string, value: unknown) => {
    const text = tagText(value);
    if (text === undefined) return;
    tags ??= new Map();
    if (tags.size < maxTags) tags.set(name, text);
  };
  // No key that has a number is a tag's.
  for (const key of span.keysWithoutNumber?.() ?? span.keys()) {
    const name = tagName(key);
    if (name !== undefined) add(name, span.get(key));
  }
  // OpenInference keeps all metadata in one JSON object.
  const metadata = jsonObject(span, "metadata");
  if (metadata === undefined) return tags;
  for (const [name, value] of Object.entries(metadata)) {
    if (!noise.test(name)) add(name, value);
  }
  return tags;
}

/** A short scalar as text; JSON and long texts are content, not tags. */
function tagText(value: AttributeValue | unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || value === "" || value.length > maxTagLength) return undefined;
  return value[0] === "{" || value[0] === "[" ? undefined : value;
}
