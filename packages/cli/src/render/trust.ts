import type { Cell, Row } from "../envelope/envelope.ts";
import { numberText, percent } from "./cells.ts";

/** Words for calls that are counted, but not as well as others. */
const doubts: readonly (readonly [member: string, words: string])[] = [
  ["unknown_usage_calls", "with unknown usage"],
  ["estimated_usage_calls", "with estimated usage"],
  ["lower_bound_calls", "whose cost is a lower bound"],
  ["usage_issue_calls", "with numbers that contradict themselves"],
  ["cache_split_unknown_calls", "without a count of cached tokens"],
];

/**
 * How far a total can be believed, in a line: what is not perfect, and in short where all is.
 *
 * @param more what a command knows beyond the shape that all share
 */
export function trustLine(trust: Row, more: readonly string[] = []): string {
  const calls = Number(trust["calls"] ?? 0);
  const missing = missingAttribution(trust["attributed_share_by"] ?? {});
  const isPriced = Number(trust["unpriced_calls"] ?? 0) === 0;
  const all = calls === 1 ? "the one call" : `all ${numberText(calls)} calls`;
  const parts = [
    isPriced
      ? `${all} priced${missing.length === 0 ? " and attributed" : ""}`
      : `${percent(Number(trust["priced_share"] ?? 0))} of ${counted(calls, "call")} priced`,
    ...missing,
    ...doubts.flatMap(([member, words]) => {
      const amount = Number(trust[member] ?? 0);
      return amount === 0 ? [] : [`${counted(amount, "call")} ${words}`];
    }),
    ...more,
  ];
  const duplicates = Number(trust["deduplicated"] ?? 0);
  if (duplicates > 0) parts.push(`${counted(duplicates, "duplicate span")} dropped`);
  return `Trust: ${parts.join(" · ")}.`;
}

/** "87.0 % have a feature", for each dimension that not all calls have. */
function missingAttribution(shares: Cell): string[] {
  return Object.entries(shares as Row).flatMap(([dimension, share]) => {
    if (share === null || Number(share) === 1) return [];
    const word = words[dimension] ?? dimension.replaceAll("_", " ");
    const article = /^[aeio]/i.test(word) ? "an" : "a";
    return [`${percent(Number(share))} have ${article} ${word}`];
  });
}

const words: Readonly<Record<string, string>> = {
  user_id: "user",
  conversation_id: "conversation",
};

function counted(amount: number, noun: string): string {
  return `${numberText(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
