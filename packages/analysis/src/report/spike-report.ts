import type { Period } from "../baseline/windows.ts";
import { type Counterfactuals, counterfactuals } from "../counterfactual/counterfactuals.ts";
import { type Compared, readCompared } from "../counterfactual/read-sides.ts";
import { partOf, type Segment } from "../dimensions.ts";
import { type ExampleTraces, readExampleTraces } from "../evidence/example-traces.ts";
import { type Explanation, explain, type NoData, type Question } from "../explain.ts";
import type { Finding } from "../findings/finding.ts";
import { type LoopCurve, readLoopCurve } from "../loops/loop-curve.ts";
import { type RunawayRuns, readRunawayRuns } from "../loops/runaway-runs.ts";
import { readWaste, type Waste } from "../loops/waste.ts";
import type { Variables } from "../reading/reader.ts";
import { summaryOf } from "../summary.ts";
import { readReleaseRows } from "../verdict/release-rows.ts";
import { type ReleaseVerdict, releaseVerdicts } from "../verdict/release-verdict.ts";
import { RememberingReader } from "./remembering-reader.ts";
import type { SegmentReader } from "./segment-reader.ts";
import { readTimeline, type TimelineStep } from "./timeline.ts";
import { readTotals, readUsualTotals, type Totals, type UsualTotals } from "./totals.ts";

/** An explanation with what belongs to it everywhere. */
export interface Judged {
  readonly explanation: Explanation;
  /** One per release that appeared in the window, the one that explains the most first. */
  readonly verdicts: readonly ReleaseVerdict[];
  /** `undefined` without a baseline. */
  readonly counterfactuals: Counterfactuals | undefined;
  /** `undefined` without a baseline. */
  readonly compared: Compared | undefined;
}

/** All that a report on a spike says. */
export interface SpikeReport extends Judged {
  readonly totals: Totals;
  readonly usualTotals: UsualTotals | undefined;
  /** Of the calls of the first finding. */
  readonly affected: Totals | undefined;
  readonly timeline: readonly TimelineStep[];
  /** The calls that the loop curve and the example traces are of. */
  readonly looked: Segment;
  readonly loops: LoopCurve;
  /** `undefined` without a baseline, which says what is usual. */
  readonly runaways: RunawayRuns | undefined;
  readonly waste: readonly Waste[];
  readonly traces: ExampleTraces;
}

/** Explains a window, judges its releases, and says what it would have cost had a factor stayed as it was. */
export async function judge(reader: SegmentReader, question: Question): Promise<Judged | NoData> {
  const remembering = new RememberingReader(reader);
  const explanation = await explain(remembering, question);
  if (explanation.kind === "no-data") return explanation;
  const compared = await readCompared(remembering);
  if (compared === undefined || explanation.change === undefined) {
    return { explanation, compared: undefined, verdicts: [], counterfactuals: undefined };
  }
  const narrowed = reader.of(question.where ?? {});
  const asked = periodsOf(explanation.window, compared, question);
  const rows = await readReleaseRows(narrowed, asked);
  const { change, findings } = explanation;
  const named = findings.map(({ segment }) => segment);
  const verdicts = releaseVerdicts(rows, change.delta, named);
  return {
    explanation: { ...explanation, summary: summaryOf(explanation, verdicts) },
    compared,
    verdicts,
    counterfactuals: counterfactuals(compared.sides),
  };
}

/** All of a report; what `judge` read is not read again. */
export async function reportOn(
  reader: SegmentReader,
  question: Question,
  judged: Judged,
): Promise<SpikeReport> {
  const { explanation, compared } = judged;
  const { window, findings } = explanation;
  const where = question.where ?? {};
  const narrowed = new RememberingReader(reader.of(where));
  const [finding] = findings;
  const segment = { ...where, ...finding?.segment };
  const looked = { ...where, ...(loopsFinding(findings) ?? finding)?.segment };
  const comparison = compared?.comparison;
  const baseline = comparison?.baseline ?? [];
  const asked = periodsOf(window, compared, question);
  return {
    ...judged,
    totals: await readTotals(narrowed, window),
    usualTotals: comparison && (await readUsualTotals(narrowed, comparison)),
    affected: finding && (await readTotals(reader.of(segment), window)),
    timeline: await readTimeline(narrowed, window),
    looked,
    loops: await readLoopCurve(reader.of(lasting(looked)), window, baseline),
    runaways: comparison && (await readRunawayRuns(narrowed, asked)),
    waste: await readWaste(narrowed, window, comparison),
    traces: await readExampleTraces(
      reader.of(segment),
      reader.of(lasting(segment)),
      window,
      baseline.at(-1),
    ),
  };
}

function loopsFinding(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ mechanism }) => mechanism === "loops");
}

/** Of a segment, what was there before too: without releases, models and other versions. */
function lasting(segment: Segment): Segment {
  return partOf(segment, (role) => role === "entity" || role === "call");
}

/** Window and baseline as queries take them. */
function periodsOf(
  { since, until }: Period,
  compared: Compared | undefined,
  { baseline: named }: Question,
): Variables {
  if (typeof named === "object") {
    return { since, until, baseline_since: named.since, baseline_until: named.until };
  }
  const days = compared?.comparison.baseline.map(({ number }) => number) ?? [];
  return { since, until, ...(days.length > 0 && { baseline_days: days.join() }) };
}
