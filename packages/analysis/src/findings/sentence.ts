import { picoUsd, shortUsd } from "@spancost/pricing";
import type { Bridge } from "../bridge/bridge.ts";
import type { Factor } from "../bridge/sides.ts";
import { type BuiltInDimension, conditionsOf, isTag, type Segment } from "../dimensions.ts";
import { percentText } from "../percent-text.ts";
import type { Figures } from "./figures.ts";

/** What a sentence about a segment says. */
export interface Told {
  readonly segment: Segment;
  /** Whole pico-dollars. */
  readonly cost: bigint;
  readonly baselineCost: bigint;
  readonly mechanism: Factor;
  /** What the mechanism cost more, where other factors saved most of that or all of it; see `Finding`. */
  readonly hidden: bigint | undefined;
  /** The factor that contributed the most in the direction of the change, or hid the most of it. */
  readonly beside: Factor;
  readonly factors: Bridge;
  readonly before: Figures;
  readonly after: Figures;
  /** Versions that nearly all of the segment's spend has and that the baseline did not have. */
  readonly newVersions: Segment;
  /** The feature that nearly all of the segment's spend is of, where it is named by a release or a prompt's version. */
  readonly feature: string | undefined;
  /** Whether a part of the segment belongs to a finding before it. */
  readonly isRest: boolean;
}

/**
 * One plain sentence with the numbers that matter most.
 *
 * @example "$371.90 more than expected ($422.15 instead of $50.25) in feature search: 11.8 calls per request
 *   instead of 4.1 (loops +$298.70); nearly all of it in release 2.14, not in the baseline."
 */
export function sentenceOf(told: Told): string {
  const versions = wordsOf(told.newVersions);
  return [
    `${amountOf(told)}: ${reasonOf(told)}`,
    versions === "" ? "." : `; nearly all of it in ${versions}, not in the baseline.`,
  ].join("");
}

/** The sentence's beginning: how much, and where. */
function amountOf(told: Told): string {
  const { segment, feature, cost, baselineCost, hidden } = told;
  const of = feature === undefined ? "" : ` (${wordsOf({ feature })})`;
  const place = `${wordsOf(segment)}${of}`;
  const rest = told.isRest ? ", what is named above left out" : "";
  const instead = `${usd(cost)} instead of ${usd(baselineCost)}`;
  if (hidden !== undefined) {
    return `${usd(hidden)} more is hidden in the cost of ${place || "all calls"}${rest}, ${instead}`;
  }
  const delta = cost - baselineCost;
  const size = usd(delta < 0n ? -delta : delta);
  return `${size} ${delta < 0n ? "less" : "more"} than expected (${instead}) in ${place || "all"}${rest}`;
}

/** The sentence's middle: "11.8 calls per request instead of 4.1 (loops +$298.70)", and the factor beside it where that is another. */
export function reasonOf(told: Told): string {
  const { mechanism, beside, factors, hidden } = told;
  return [...new Set([mechanism, beside])]
    .map((factor) => `${changeBy(told, factor)} (${factor} ${signed(factors[factor])})`)
    .join(hidden === undefined ? ", and " : ", made up for by ");
}

/** "feature search, release 2.14"; "calls without a feature". */
function wordsOf(segment: Segment): string {
  return conditionsOf(segment)
    .map(([name, value]) => {
      const words = isTag(name) ? { noun: name.slice(4), article: "a" } : names[name];
      return value === null
        ? `calls without ${words.article} ${words.noun}`
        : `${words.noun} ${value}`;
    })
    .join(", ");
}

const names: Readonly<
  Record<BuiltInDimension, { readonly noun: string; readonly article: string }>
> = {
  feature: { noun: "feature", article: "a" },
  environment: { noun: "environment", article: "an" },
  user_id: { noun: "user", article: "a" },
  region: { noun: "region", article: "a" },
  conversation_id: { noun: "conversation", article: "a" },
  service: { noun: "service", article: "a" },
  team: { noun: "team", article: "a" },
  agent: { noun: "agent", article: "an" },
  tool: { noun: "tool", article: "a" },
  prompt_name: { noun: "prompt", article: "a" },
  operation: { noun: "operation", article: "an" },
  release: { noun: "release", article: "a" },
  model: { noun: "model", article: "a" },
  provider: { noun: "provider", article: "a" },
  prompt_version: { noun: "prompt version", article: "a" },
  retry_count: { noun: "retry count", article: "a" },
  loop_depth: { noun: "loop depth", article: "a" },
  agent_depth: { noun: "agent depth", article: "an" },
};

function changeBy(told: Told, factor: Factor): string {
  const { segment, before, after } = told;
  switch (factor) {
    case "traffic":
      return trafficOf(told);
    case "loops":
      return instead(
        decimal(after.callsPerRequest),
        decimal(before.callsPerRequest),
        "calls per request",
      );
    case "retries":
      return instead(
        decimal(after.attemptsPerCall),
        decimal(before.attemptsPerCall),
        "billed attempts per call",
      );
    case "input":
      return instead(
        whole(after.inputTokensPerCall),
        whole(before.inputTokensPerCall),
        "input tokens per call",
      );
    case "output":
      return instead(
        whole(after.outputTokensPerCall),
        whole(before.outputTokensPerCall),
        "output tokens per call",
      );
    case "cache":
      return `${percent(after.cachedShare)} of the input from a cache instead of ${percent(before.cachedShare)}`;
    case "mix":
      return modelOf(segment, before, after);
    case "price":
      return "the same tokens at another price";
    default:
      throw new TypeError(factor satisfies never);
  }
}

/** How many requests; where that is not why they cost more, or less, what each did: they were of another kind. */
function trafficOf({ before, after, cost, baselineCost, factors }: Told): string {
  const counts = `${instead(whole(after.requests), whole(before.requests))} requests`;
  const isAlong = factors.traffic > 0n === after.requests > before.requests;
  if (isAlong || after.requests === 0 || before.requests === 0) return counts;
  const each = (whole: bigint, requests: number) =>
    usd(BigInt(Math.round(Number(whole) / requests)));
  return `requests of another kind, ${instead(each(cost, after.requests), each(baselineCost, before.requests))} each`;
}

/** The model whose share of the calls rose the most; of a model that is named already, which had its calls before. */
function modelOf(segment: Segment, before: Figures, after: Figures): string {
  const [old] = before.models.filter(({ model }) => model !== segment.model);
  if (segment.model && old) return `${old.model} had ${percent(old.share)} of these calls before`;
  const risen = after.models
    .map(({ model, share }) => {
      const old = before.models.find((other) => other.model === model)?.share ?? 0;
      return { model, share, old, rise: share - old };
    })
    .sort((a, b) => b.rise - a.rise)[0];
  if (!risen) return "no model is called any more";
  return `${risen.model} has ${percent(risen.share)} of the calls instead of ${percent(risen.old)}`;
}

function instead(after: string, before: string, unit = ""): string {
  return unit === "" ? `${after} instead of ${before}` : `${after} ${unit} instead of ${before}`;
}

const wholeFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const decimalFormat = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

function whole(value: number | undefined): string {
  return value === undefined ? "none" : wholeFormat.format(value);
}

function decimal(value: number | undefined): string {
  return value === undefined ? "none" : decimalFormat.format(value);
}

function percent(value: number | undefined): string {
  return value === undefined ? "none" : percentText(value);
}

function usd(amount: bigint): string {
  return shortUsd(picoUsd(amount));
}

/** With its sign: "+$298.70". */
export function signed(amount: bigint): string {
  return amount < 0n ? usd(amount) : `+${usd(amount)}`;
}
