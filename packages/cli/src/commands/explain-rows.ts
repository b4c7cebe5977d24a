import {
  type Bridge,
  type FeatureSpend,
  type Figures,
  type Finding,
  factors,
  type Segment,
} from "@spancost/analysis";
import { exactUsd, type PicoUsd, picoUsd } from "@spancost/pricing";
import type { Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { noValue } from "../flags/dimensions.ts";
import type { Evidence } from "./explain-evidence.ts";

/** Money with all its decimals. */
export function usd(amount: PicoUsd): ExactNumber {
  return new ExactNumber(exactUsd(amount));
}

/** The same, `null` where it is unknown. */
export function knownUsd(amount: PicoUsd | undefined): ExactNumber | null {
  return amount === undefined ? null : usd(amount);
}

/** The steps in the order in which they are named everywhere; they sum to the change. */
export function bridgeRows(bridge: Bridge): readonly Row[] {
  return factors.map((factor) => ({ factor, delta_usd: usd(picoUsd(bridge[factor])) }));
}

/** What a feature cost in the window. */
export function spendRow({ feature, calls, unpricedCalls, cost }: FeatureSpend): Row {
  return {
    feature,
    calls: Number(calls),
    unpriced_calls: Number(unpricedCalls),
    cost_usd: knownUsd(cost),
  };
}

/** A finding as scripts read it. */
export function findingOf(finding: Finding, evidence: Evidence | undefined): Row {
  return {
    segment: { ...finding.segment } as Row,
    cost_usd: usd(finding.cost),
    baseline_cost_usd: usd(finding.baselineCost),
    delta_usd: usd(finding.delta),
    share: finding.share ?? null,
    mechanism: finding.mechanism,
    hidden_usd: knownUsd(finding.hidden),
    factors: bridgeRows(finding.factors),
    sentence: finding.sentence,
    reason: finding.reason,
    confidence: {
      level: finding.confidence.level,
      low_usd: usd(finding.confidence.low),
      high_usd: usd(finding.confidence.high),
    },
    counterfactual: {
      factor: finding.counterfactual.factor,
      cost_usd: usd(finding.counterfactual.cost),
      delta_usd: usd(finding.counterfactual.delta),
    },
    new_versions: { ...finding.newVersions } as Row,
    before: figuresRow(finding.before),
    after: figuresRow(finding.after),
    first_seen: evidence?.firstSeen ?? null,
    examples: evidence?.examples ?? [],
  };
}

/** A finding as one line of a table. */
export function flatFinding(finding: Finding): Row {
  return {
    segment: segmentText(finding.segment),
    delta_usd: usd(finding.delta),
    share: finding.share ?? null,
    mechanism: finding.mechanism,
    hidden_usd: knownUsd(finding.hidden),
    cost_usd: usd(finding.cost),
    baseline_cost_usd: usd(finding.baselineCost),
    ...Object.fromEntries(
      factors.map((factor) => [`${factor}_delta_usd`, usd(picoUsd(finding.factors[factor]))]),
    ),
    sentence: finding.sentence,
  };
}

/** "feature=search, release=2.14"; of all traffic, "all calls". */
export function segmentText(segment: Segment | Row): string {
  const parts = Object.entries(segment).map(([name, value]) => `${name}=${value ?? noValue}`);
  return parts.length === 0 ? "all calls" : parts.join(", ");
}

function figuresRow(figures: Figures): Row {
  return {
    requests: figures.requests,
    calls: figures.calls,
    calls_per_request: figures.callsPerRequest ?? null,
    attempts_per_call: figures.attemptsPerCall ?? null,
    input_tokens_per_call: figures.inputTokensPerCall ?? null,
    cached_share: figures.cachedShare ?? null,
    output_tokens_per_call: figures.outputTokensPerCall ?? null,
    models: figures.models.map(({ model, share }) => ({ model, share })),
  };
}
