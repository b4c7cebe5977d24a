import type { Detection } from "@spancost/analysis";
import type { Row } from "../envelope/envelope.ts";
import type { TimeZone } from "../flags/time-zone.ts";
import { windowText } from "../flags/window.ts";
import { money } from "../render/cells.ts";
import { estimate } from "./estimate.ts";
import type { Detected } from "./judge-detected.ts";

/** A spike that was found. */
export type FoundSpike = Extract<Detection, { kind: "found" }>;

/** What was found, as scripts read it; `null` where nothing was looked for. */
export function detectionRow({
  detection,
  isWidened,
}: Pick<Detected, "detection" | "isWidened">): Row | null {
  if (detection === undefined) return null;
  const sentence = detectionSentence(detection) + (isWidened ? ` ${widenedSentence}` : "");
  switch (detection.kind) {
    case "found": {
      const { since, until, ongoing, feature, score, season } = detection;
      const times = timesUsual(detection);
      return {
        found: true,
        since,
        until,
        ongoing,
        widened: isWidened,
        ...(feature !== undefined && { feature }),
        times_usual: times ?? null,
        score,
        season,
        sentence,
      };
    }
    case "quiet":
      return { found: false, since: detection.since, until: detection.until, sentence };
    case "short-history":
      return { found: false, days_of_history: detection.days, sentence };
    default:
      throw new TypeError(detection satisfies never);
  }
}

/** The sentence of such a row as it is told where clocks stand in `zone`; in the row itself it is in UTC. */
export function sentenceIn(row: Row, zone: TimeZone): string {
  const { since, until, sentence } = row;
  if (typeof since !== "string" || typeof until !== "string") return String(sentence);
  const window = { since, until };
  return String(sentence).replace(windowText(window), windowText(window, zone));
}

const widenedSentence =
  "Nothing stands out in these hours alone: what is explained are the 24 hours that they are in.";

function timesUsual({ dollars, usualDollars }: FoundSpike) {
  return usualDollars > 0 ? dollars / usualDollars : undefined;
}

function detectionSentence(detection: Detection): string {
  switch (detection.kind) {
    case "found": {
      const end = detection.ongoing ? ", and it had not ended when the data ends" : "";
      return `Spike found: ${windowText(detection)}${end}. It ${shownIn(detection)}.`;
    }
    case "quiet":
      return `No spike in the last 24 hours (${windowText(detection)}): spend is as on comparable days.`;
    case "short-history":
      return `Whether there was a spike cannot be told: there ${wholeDays(detection.days)} of calls before the last 24 hours, and it takes 3.`;
    default:
      throw new TypeError(detection satisfies never);
  }
}

function wholeDays(days: number): string {
  if (days === 0) return "is no whole day";
  return days === 1 ? "is 1 whole day" : `are ${days} whole days`;
}

/**
 * Where a spike shows most, and what that cost beside what is usual there: the same words and figures wherever a spike
 * is told of. They are of one feature and beside a median, where a bridge is of all calls and beside a mean.
 */
export function shownIn(found: FoundSpike): string {
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
