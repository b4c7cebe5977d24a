import { type Trust, usualAttribution } from "@spancost/analysis";
import { readQueryFile, type Variables } from "@spancost/store";
import type { Cell, Row } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import type { Dimension } from "../flags/dimensions.ts";
import type { Reader } from "../ports.ts";
import { numberText } from "../render/cells.ts";

/**
 * How far an answer's total can be believed: the member `trust` of every envelope that shows one.
 *
 * Shares are from 0 to 1, and `null` where there is nothing to share. `attributed_share` is of feature;
 * `attributed_share_by` has the dimensions that were asked for. `deduplicated` are further spans that told of a call
 * which is counted once.
 */
export type TrustRow = Readonly<Record<TrustMember, Cell>>;

const trustMembers = [
  "calls",
  "priced_share",
  "priced_token_share",
  "attributed_share",
  "attributed_share_by",
  "deduplicated",
  "unpriced_calls",
  "unknown_usage_calls",
  "estimated_usage_calls",
  "partial_usage_calls",
  "lower_bound_calls",
  "usage_issue_calls",
  "cache_split_unknown_calls",
] as const;

type TrustMember = (typeof trustMembers)[number];

/** The trust of the calls that meet all `conditions`, and what share of them has a value in each of `dimensions`. */
export async function trustOf(
  reader: Reader,
  conditions: readonly string[],
  variables: Variables,
  dimensions: readonly Dimension[],
): Promise<TrustRow> {
  const read = async (sql: string) => toRows(await reader.readRows(sql, variables));
  const [sums = {}] = await read(trustSql(conditions));
  const [shares = {}] = await read(attributedSql(dimensions, conditions));
  const by = dimensions.map(({ name }, index) => [name, shares[`share_${index}`] ?? null] as const);
  const row: Row = { ...sums, attributed_share_by: Object.fromEntries(by) };
  return Object.fromEntries(trustMembers.map((name) => [name, row[name] ?? null])) as TrustRow;
}

/**
 * What `explain` found out, in the same shape.
 *
 * @param by the dimensions that were asked for; those that are no attribution, such as the model, are left out
 */
export function trustRow(trust: Trust, by: readonly string[] = usualAttribution): TrustRow {
  const count = (amount: bigint): Cell => Number(amount);
  const shares = Object.entries(trust.attributedShareBy).filter(([name]) => by.includes(name));
  return {
    calls: count(trust.calls),
    priced_share: trust.pricedShare ?? null,
    priced_token_share: trust.pricedTokenShare ?? null,
    attributed_share: trust.attributedShare ?? null,
    attributed_share_by: Object.fromEntries(shares.map(([name, share]) => [name, share ?? null])),
    deduplicated: count(trust.deduplicated),
    unpriced_calls: count(trust.unpricedCalls),
    unknown_usage_calls: count(trust.unknownUsageCalls),
    estimated_usage_calls: count(trust.estimatedUsageCalls),
    partial_usage_calls: count(trust.partialUsageCalls),
    lower_bound_calls: count(trust.lowerBoundCalls),
    usage_issue_calls: count(trust.usageIssueCalls),
    cache_split_unknown_calls: count(trust.cacheSplitUnknownCalls),
  };
}

/** What a reader must know of amounts that look exact and are not. Unpriced calls have warnings of their own. */
export function trustWarnings(trust: Row): readonly string[] {
  const said = (name: TrustMember, about: (calls: string, their: string) => string) => {
    const calls = Number(trust[name] ?? 0);
    const [noun, their] = calls === 1 ? ["call", "its"] : ["calls", "their"];
    return calls === 0 ? [] : [about(`${numberText(calls)} ${noun}`, their)];
  };
  return [
    ...said(
      "lower_bound_calls",
      (calls, their) =>
        `${calls} did not tell all ${their} tokens (cut off, or cached ones left out): ${their} cost is a lower bound.`,
    ),
    ...said(
      "estimated_usage_calls",
      (calls, their) =>
        `${calls} with tokens that ${their} emitter guessed: ${their} cost is an estimate.`,
    ),
  ];
}

/** The query `trust`, of some calls only. */
function trustSql(conditions: readonly string[]): string {
  const some = `from (select * from cost_records where ${conditions.join(" and ")}) as cost_records`;
  return readQueryFile("trust").sql.replace("from cost_records", () => some);
}

function attributedSql(dimensions: readonly Dimension[], conditions: readonly string[]): string {
  const shares = dimensions.map(
    ({ sql }, index) => `count(${sql}) / nullif(count(*), 0) as share_${index}`,
  );
  return `select ${["count(*) as calls", ...shares].join(", ")}
from cost_records
where ${conditions.join("\n    and ")}`;
}
