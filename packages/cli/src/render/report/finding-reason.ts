import type { Row } from "../../envelope/envelope.ts";
import { numberOf, percent, rowOf, rowsOf, share, short, textOf } from "./words.ts";

/** What a finding's calls did other than usual, by its mechanism, and by its largest factor where that is another. */
export function reasonOf(finding: Row): string {
  const reasons = new Set([textOf(finding["mechanism"]), largestFactor(finding)]);
  return [...reasons].map((factor) => reasonBy(finding, factor)).join(", and ");
}

function largestFactor(finding: Row): string {
  const sign = Math.sign(Number(finding["delta_usd"])) || 1;
  const along = (one: Row) => Number(one["delta_usd"]) * sign;
  const [largest] = rowsOf(finding["factors"]).toSorted((a, b) => along(b) - along(a));
  return textOf(largest?.["factor"] ?? finding["mechanism"]);
}

function reasonBy(finding: Row, factor: string): string {
  const [now, old] = [rowOf(finding["after"]), rowOf(finding["before"])];
  const instead = (name: string, unit: string, show = short) =>
    `${show(numberOf(now[name]))} ${unit} instead of ${show(numberOf(old[name]))}`;
  switch (factor) {
    case "traffic":
      return instead("requests", "requests");
    case "loops":
      return instead("calls_per_request", "model calls per request");
    case "retries":
      return instead("attempts_per_call", "billed attempts per call");
    case "input":
      return instead("input_tokens_per_call", "input tokens per call");
    case "output":
      return instead("output_tokens_per_call", "output tokens per call");
    case "cache":
      return instead("cached_share", "of the input came from a cache", share);
    case "mix":
      return modelReason(rowOf(finding["segment"])["model"] ?? null, now, old);
    default:
      return "the same tokens cost another price";
  }
}

/** @param named the model of the finding's segment, if it has one */
function modelReason(named: Row[string], now: Row, old: Row): string {
  const [replaced] = rowsOf(old["models"]).filter(({ model }) => model !== named);
  if (named !== null && replaced !== undefined) {
    return `${textOf(replaced["model"] ?? null)} served ${percent(Number(replaced["share"]))} of these calls before`;
  }
  const before = new Map(rowsOf(old["models"]).map(({ model, share }) => [model, Number(share)]));
  const [most] = rowsOf(now["models"])
    .map(({ model, share }) => ({
      model,
      share: Number(share),
      old: before.get(model ?? null) ?? 0,
    }))
    .sort((a, b) => b.share - b.old - (a.share - a.old));
  if (most === undefined) return "no model was called any more";
  return `${textOf(most.model ?? null)} served ${percent(most.share)} of the calls instead of ${percent(most.old)}`;
}
