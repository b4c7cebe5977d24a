import { usdNumber } from "@spancost/pricing";
import type { SpanFacts } from "@spancost/records";
import { costAttributes } from "@spancost/semconv";

const partKeys = {
  inputCostUsd: costAttributes.input,
  cacheReadCostUsd: costAttributes.cacheRead,
  cacheWriteCostUsd: costAttributes.cacheWrite,
  outputCostUsd: costAttributes.output,
  otherCostUsd: costAttributes.other,
} as const satisfies Partial<Record<keyof SpanFacts, string>>;

/** Attributes that say what a span cost. On a span that is billed, only ours stay. */
const ownKeys: ReadonlySet<string> = new Set([
  costAttributes.total,
  costAttributes.unpricedReason,
  costAttributes.priceId,
  ...Object.values(partKeys),
]);

/** Who a call is for: written where its span has it under another name only, or where a token says it. */
const ownerKeys = { feature: "spancost.feature", team: "spancost.team" } as const;

/** Names that the attributes of a billed span are looked through for. */
export const watchedKeys: ReadonlySet<string> = new Set([
  ...ownKeys,
  costAttributes.shared,
  costAttributes.reported,
  ...Object.values(ownerKeys),
]);

/** What is put on one span, and what of its own attributes goes for it. */
export interface SpanChanges {
  /** In this order, after the span's own. */
  readonly added: readonly (readonly [key: string, value: number | string])[];
  /** Names of attributes that are left out. */
  readonly removed: ReadonlySet<string>;
  /** Added where the span has no attribute of that name, and nothing was left out for it. */
  readonly defaults: readonly (readonly [key: string, value: string])[];
  /** Whether a cost that the sender reports is kept under another name, where ours takes its own. */
  readonly keepsReported: boolean;
}

/**
 * A cost that the sender reports: where it stands, and where it is kept. It is one of ours from before where it equals
 * what stands under `own`.
 */
export const reported = {
  from: costAttributes.shared,
  to: costAttributes.reported,
  own: costAttributes.total,
} as const;

/**
 * What is put on the span of `facts`; nothing where it is not billed by itself.
 *
 * @param team that the sender's token speaks for: it goes before whatever the span says
 *
 * Seen by itself, a call is billed, and a use of a tool that has a price. Agents and runs repeat the usage of their
 * calls: with a cost on them, a backend that adds up spans would count it twice.
 */
export function changesOf(facts: SpanFacts, team?: string): SpanChanges | undefined {
  const changes = isBilled(facts) ? costChangesOf(facts) : undefined;
  if (changes === undefined || team === undefined) return changes;
  return {
    ...changes,
    added: [...changes.added, [ownerKeys.team, team]],
    removed: new Set([...changes.removed, ownerKeys.team]),
    defaults: changes.defaults.filter(([key]) => key !== ownerKeys.team),
  };
}

function costChangesOf(facts: SpanFacts): SpanChanges | undefined {
  const { costUsd, unpricedReason } = facts;
  const defaults = ownersOf(facts);
  if (costUsd === undefined) {
    if (unpricedReason === undefined) return undefined;
    // A cost that the sender reports stays; where there is none of it, what stands there is an older one of ours.
    const removed = facts.reportedCostUsd === undefined ? keysWithShared : ownKeys;
    return {
      added: [[costAttributes.unpricedReason, unpricedReason]],
      removed,
      defaults,
      keepsReported: false,
    };
  }
  const cost = usdNumber(costUsd);
  const added: [string, number | string][] = [
    [costAttributes.shared, cost],
    [costAttributes.total, cost],
  ];
  for (const part of partNames) {
    const amount = facts[part];
    // What is charged by the call, which is mostly nothing, is left out where it is nothing.
    if (amount === undefined || (part === "otherCostUsd" && amount === 0n)) continue;
    added.push([partKeys[part], usdNumber(amount)]);
  }
  if (facts.priceId !== undefined) added.push([costAttributes.priceId, facts.priceId]);
  const keepsReported = facts.reportedCostUsd !== undefined;
  return { added, removed: keysWithShared, defaults, keepsReported };
}

const keysWithShared: ReadonlySet<string> = new Set([...ownKeys, costAttributes.shared]);
const partNames = Object.keys(partKeys) as (keyof typeof partKeys)[];

/** What a gateway answers from its own cache is not billed. A tool span with usage repeats that of calls. */
function isBilled(facts: SpanFacts): boolean {
  if (facts.node === "call") return !facts.servedFromCache;
  return (
    facts.node === "tool" && facts.inputTokens === undefined && facts.outputTokens === undefined
  );
}

function ownersOf({ feature, team }: SpanFacts): [string, string][] {
  const owners: [string, string][] = [];
  if (feature !== undefined) owners.push([ownerKeys.feature, feature]);
  if (team !== undefined) owners.push([ownerKeys.team, team]);
  return owners;
}
