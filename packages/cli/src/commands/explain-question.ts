import {
  type Dimension,
  dimensionNames,
  isTag,
  type Question,
  type Segment,
} from "@spancost/analysis";
import { UsageError } from "../errors.ts";
import { noValue, parseDimension, parseDimensions } from "../flags/dimensions.ts";
import { parseFilters } from "../flags/filters.ts";
import type { Texts } from "../flags/texts.ts";
import { millisOf, parseInstant } from "../flags/time.ts";
import { type TimeZone, zoneOf } from "../flags/time-zone.ts";
import { askedWindow } from "../flags/window.ts";

/** What `explain` and `report` are asked, from the same flags. */
export function explainQuestion(texts: Texts, now: number): Question {
  return {
    ...askedWindow(texts, now),
    baseline: baselineOf(texts.one("baseline"), now, zoneOf(texts)),
    by: texts.all("by").length === 0 ? undefined : causes(texts.all("by")),
    where: segmentOf(texts.all("where")),
  };
}

function baselineOf(text: string | undefined, now: number, zone: TimeZone): Question["baseline"] {
  if (text === undefined || text === "prev-7d" || text === "similar-days") return text;
  const [since, until, ...more] = text.split("..");
  if (!since || !until || more.length > 0) {
    throw new UsageError(
      `--baseline takes similar-days, prev-7d or a range such as 2026-11-12..2026-11-19, not "${text}".`,
    );
  }
  const period = {
    since: parseInstant(since, "baseline", now, zone),
    until: parseInstant(until, "baseline", now, zone),
  };
  if (millisOf(period.until) > millisOf(period.since)) return period;
  throw new UsageError(`--baseline ${text} ends before it begins.`);
}

function causes(texts: readonly string[]): readonly Dimension[] {
  return parseDimensions(texts, "by").map(({ name }) => causeNamed(name, "by"));
}

function causeNamed(name: string, flag: string): Dimension {
  if (isTag(name)) return name;
  const dimension = dimensionNames.find((candidate) => candidate === name);
  if (dimension !== undefined) return dimension;
  throw new UsageError(
    `--${flag} ${name}: explain looks at ${dimensionNames.join(", ")}. For other dimensions: spancost top --by ${name}.`,
  );
}

/** `--where` as far as explain takes it: one value per dimension. */
function segmentOf(texts: readonly string[]): Segment {
  const segment: Record<string, string | null> = {};
  for (const { dimension, values, not } of parseFilters(texts)) {
    const name = causeNamed(parseDimension(dimension.name, "where").name, "where");
    const [value, second] = values;
    if (not || second !== undefined || value === undefined) {
      throw new UsageError(
        `--where ${name}: explain takes one value per dimension, such as --where ${name}=${values[0]}.`,
      );
    }
    segment[name] = value === noValue ? null : value;
  }
  return segment;
}
