import {
  type Detection,
  type Judged,
  judge,
  type NoData,
  type Question,
  readDetection,
  type SegmentReader,
} from "@spancost/analysis";
import { dayMillis } from "../durations.ts";
import { resolveWindow } from "../flags/window.ts";
import type { Reader } from "../ports.ts";

/** A question with the window that it is about, and its answer. */
export interface Detected {
  readonly question: Question;
  readonly judged: Judged | NoData;
  /** `undefined` where a window was asked for. */
  readonly detection: Detection | undefined;
  /** Nothing stands out in the spike's own hours, and something does in the 24 hours that they are in: these are the window. */
  readonly isWidened: boolean;
}

const stateless = { since: undefined, until: undefined };

/** Where nobody named a window: whether the last 24 hours that are stored hold a spike. `undefined` where nothing is looked for. */
export async function detect(
  reader: Reader,
  queries: SegmentReader,
  { since, until, where = {} }: Question,
): Promise<Detection | undefined> {
  const isAsked = since !== undefined || until !== undefined;
  const stored = isAsked ? undefined : await resolveWindow(reader, stateless);
  return stored && readDetection(queries.of(where), stored.until);
}

/**
 * Judges a question: of the window that it names, or of a spike that was found. Where that is shorter than 24 hours and nothing
 * stands out in it, of the last 24 hours that are stored, if something does in them: a few hours may have too few
 * requests for that.
 */
export async function judgeDetected(
  queries: SegmentReader,
  question: Question,
  detection: Detection | undefined,
): Promise<Detected> {
  if (detection?.kind !== "found") {
    return { question, judged: await judge(queries, question), detection, isWidened: false };
  }
  const { since, until } = detection;
  const ofSpike = { ...question, since, until };
  const judged = await judge(queries, ofSpike);
  const found = { question: ofSpike, judged, detection, isWidened: false };
  if ("kind" in judged || !judged.explanation.quiet) return found;
  if (Date.parse(until) - Date.parse(since) >= dayMillis) return found;
  const widened = await judge(queries, question);
  if ("kind" in widened || widened.explanation.findings.length === 0) return found;
  const { window } = widened.explanation;
  return { question: { ...question, ...window }, judged: widened, detection, isWidened: true };
}
