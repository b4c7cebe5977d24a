import type { Counterfactuals, ReleaseVerdict, UnitFigures } from "@spancost/analysis";
import type { Row } from "../envelope/envelope.ts";
import { usd } from "./explain-rows.ts";

/** Verdicts on releases as scripts read them. */
export function verdictRows(verdicts: readonly ReleaseVerdict[]): readonly Row[] {
  return verdicts.map((verdict) => ({
    service: verdict.service,
    release: verdict.release,
    verdict: verdict.verdict.replaceAll("-", "_"),
    sentence: verdict.sentence,
    first_seen: verdict.firstSeen,
    window_share_of_calls: verdict.windowShare,
    baseline_share_of_calls: verdict.baselineShare,
    old_releases: [...verdict.oldReleases],
    control: verdict.control.replaceAll("-", "_"),
    requests: Number(verdict.requests),
    control_requests: Number(verdict.controlRequests),
    cost_usd: usd(verdict.cost),
    expected_cost_usd: usd(verdict.expectedCost),
    excess_usd: usd(verdict.excess),
    share: verdict.share ?? null,
    new: unitRow(verdict.new),
    old: unitRow(verdict.old),
  }));
}

function unitRow(figures: UnitFigures): Row {
  return {
    mean_cost_per_request_usd: figures.costPerRequest ?? null,
    calls_per_request: figures.callsPerRequest ?? null,
    input_tokens_per_call: figures.inputTokensPerCall ?? null,
    cached_share: figures.cachedShare ?? null,
    output_tokens_per_call: figures.outputTokensPerCall ?? null,
  };
}

/** What the window would have cost with one factor of the baseline; none without a baseline. */
export function counterfactualRows(found: Counterfactuals | undefined): readonly Row[] {
  if (found === undefined) return [];
  const levels: Readonly<
    Record<string, { before: number | undefined; after: number | undefined }>
  > = { ...found.levels, traffic: found.requests };
  return found.all.map(({ factor, cost, delta }) => ({
    factor,
    cost_usd: usd(cost),
    delta_usd: usd(delta),
    baseline_level: levels[factor]?.before ?? null,
    window_level: levels[factor]?.after ?? null,
  }));
}
