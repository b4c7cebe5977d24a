import type { Detection } from "@spancost/analysis";
import type { Row } from "../envelope/envelope.ts";
import { type TimeZone, utc } from "../flags/time-zone.ts";
import { windowText } from "../flags/window.ts";
import { money } from "../render/cells.ts";
import { estimate } from "./estimate.ts";
import type { Detected } from "./judge-detected.ts";

/** A spike that was found. */
export type FoundSpike = Extract<Detection, { kind: "found" }>;

/** What is told of where it shows. */
type ShownSpike = Pick<FoundSpike, "feature" | "dollars" | "usualDollars">;

/** What was found, as scripts read it; `null` where nothing was looked for. */
export function detectionRow({
  detection,
  isWidened,
}: Pick<Detected, "detection" | "isWidened">): Row | null {
  if (detection === undefined) return null;
  const facts = factsOf(detection, isWidened);
  return { ...facts, sentence: sentenceIn(facts, utc) };
}

function factsOf(detection: Detection, isWidened: boolean): Row {
  switch (detection.kind) {
    case "found": {
      const { since, until, ongoing, feature, dollars, usualDollars, score, season } = detection;
      return {
        found: true,
        since,
        until,
        ongoing,
        widened: isWidened,
        ...(feature !== undefined && { feature }),
        spent_usd: estimate(dollars),
        usual_usd: estimate(usualDollars),
        times_usual: timesUsual(detection) ?? null,
        score,
        season,
      };
    }
    case "quiet":
      return { found: false, since: detection.since, until: detection.until };
    case "short-history":
      return { found: false, days_of_history: detection.days };
    default:
      throw new TypeError(detection satisfies never);
  }
}

/** Such a row as it is told where clocks stand in `zone`; its own sentence is in UTC. */
export function sentenceIn(row: Row, zone: TimeZone): string {
  const { since, until, days_of_history: days } = row;
  if (typeof since !== "string" || typeof until !== "string") {
    return `Whether there was a spike cannot be told: there ${wholeDays(Number(days))} of calls before the last 24 hours, and it takes 3.`;
  }
  const window = windowText({ since, until }, zone);
  if (row["found"] !== true) {
    return `No spike in the last 24 hours (${window}): spend is as on comparable days.`;
  }
  const end = row["ongoing"] === true ? ", and it had not ended when the data ends" : "";
  const widened = row["widened"] === true ? ` ${widenedSentence}` : "";
  return `Spike found: ${window}${end}. It ${shownIn(placeOf(row))}.${widened}`;
}

/** Where a spike shows most, of its row. */
function placeOf({ feature, spent_usd: spent, usual_usd: usual }: Row): ShownSpike {
  return {
    feature: feature === undefined || feature === null ? feature : String(feature),
    dollars: Number(spent),
    usualDollars: Number(usual),
  };
}

const widenedSentence =
  "Nothing stands out in these hours alone: what is explained are the 24 hours that they are in.";

function timesUsual({ dollars, usualDollars }: ShownSpike) {
  return usualDollars > 0 ? dollars / usualDollars : undefined;
}

function wholeDays(days: number): string {
  if (days === 0) return "is no whole day";
  return days === 1 ? "is 1 whole day" : `are ${days} whole days`;
}

/**
 * Where a spike shows most, and what that cost beside what is usual there: the same words and figures wherever a spike
 * is told of. They are of one feature and beside a median, where a bridge is of all calls and beside a mean.
 */
export function shownIn(found: ShownSpike): string {
  const { feature, dollars, usualDollars } = found;
  const place =
    feature === undefined
      ? "all calls together"
      : feature === null
        ? "calls without a feature"
        : `feature ${feature}`;
  const times = timesUsual(found);
  const usual =
    times === undefined
      ? "where such hours usually cost nothing"
      : `${times.toFixed(times < 10 ? 1 : 0)} times the median of such hours (${money(estimate(usualDollars))})`;
  return `shows most in ${place}: ${money(estimate(dollars))}, ${usual}`;
}
