import type { Explanation } from "@spancost/analysis";
import type { Match } from "./answer.ts";
import type { Case } from "./case.ts";

/** What came of one case. */
export interface Outcome {
  readonly kind: string;
  /** The first finding is the segment of a cause; without causes, there is no finding. */
  readonly isRight: boolean;
  readonly causes: readonly {
    readonly amongFirstThree: boolean;
    /** `undefined` where the segment was not found. */
    readonly mechanismIsRight: boolean | undefined;
    readonly dollarError: number | undefined;
    readonly factorError: number | undefined;
  }[];
  /** Findings that are no cause's. */
  readonly spurious: number;
  readonly hasCauses: boolean;
  readonly findings: number;
  readonly cpuSeconds: number;
  /** For people who look for the reason of a miss. */
  readonly story: string;
}

/** From so much overlap on a finding names a cause. */
const sameSegment = 0.8;

export function outcomeOf(
  one: Case,
  answer: Explanation,
  matches: readonly (readonly Match[])[],
  cpuSeconds: number,
): Outcome {
  const hasCauses = one.planted.some(({ cause }) => cause.mechanisms.length > 0);
  const hits = matches.map((row) => row.findIndex(({ overlap }) => overlap >= sameSegment));
  const causes = hits.map((hit, index) => {
    const match = hit < 0 ? undefined : matches[index]?.[hit];
    return {
      amongFirstThree: hit >= 0 && hit < 3,
      mechanismIsRight: match?.mechanismIsRight,
      dollarError: match?.dollarError,
      factorError: match?.factorError,
    };
  });
  const isRight = hasCauses ? hits.includes(0) : answer.findings.length === 0;
  return {
    kind: one.kind,
    isRight,
    causes: hasCauses ? causes : [],
    spurious: answer.findings.filter((_, index) => !hits.includes(index)).length,
    hasCauses,
    findings: answer.findings.length,
    cpuSeconds,
    story: storyOf(one, answer, matches, isRight),
  };
}

function storyOf(
  one: Case,
  answer: Explanation,
  matches: readonly (readonly Match[])[],
  isRight: boolean,
): string {
  const { kind, seed, planted, usualBill, window, world } = one;
  const share = (dollars: number) => `${((100 * dollars) / usualBill).toFixed(1)} %`;
  const truths = planted.map(
    ({ cause, dollars }) =>
      `  planted ${cause.where}: ${cause.mechanisms.join("/")} ${share(dollars)}`,
  );
  const found = answer.findings.map(
    ({ segment, mechanism, delta }, index) =>
      `  found   ${JSON.stringify(segment)}: ${mechanism} ${share(Number(delta))} overlap ${matches.map((row) => row[index]?.overlap.toFixed(2)).join("/")} off ${matches.map((row) => row[index]?.dollarError.toFixed(2)).join("/")}`,
  );
  const change = share(Number(answer.change?.delta ?? 0));
  return [
    `${isRight ? "right" : "WRONG"} ${kind} ${seed}: ${world.days} days, window of ${window.to - window.from} h, change ${change}, usual ${usualBill / 1e12} USD`,
    ...truths,
    ...found,
  ].join("\n");
}

/** One line per kind, in Markdown. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
  const lines = [
    "| kind | cases | first | causes in first 3 | mechanism | change off, median / p90 | mechanism off | spurious | CPU s |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...kinds.map((kind) =>
      lineOf(
        kind,
        outcomes.filter((one) => one.kind === kind),
      ),
    ),
  ];
  const incidents = outcomes.filter(({ hasCauses }) => hasCauses);
  if (incidents.length > 0) lines.push(lineOf("**all incidents**", incidents));
  const quiet = outcomes.filter(({ hasCauses }) => !hasCauses);
  if (quiet.length > 0) lines.push(lineOf("**all without a cause**", quiet));
  return lines.join("\n");
}

function lineOf(kind: string, outcomes: readonly Outcome[]): string {
  const causes = outcomes.flatMap((one) => one.causes);
  const found = causes.filter(({ mechanismIsRight }) => mechanismIsRight !== undefined);
  return `| ${[
    kind,
    outcomes.length,
    percent(outcomes.filter(({ isRight }) => isRight).length, outcomes.length),
    percent(causes.filter(({ amongFirstThree }) => amongFirstThree).length, causes.length),
    percent(found.filter(({ mechanismIsRight }) => mechanismIsRight).length, found.length),
    quantiles(found.map(({ dollarError }) => dollarError ?? 0)),
    quantiles(found.map(({ factorError }) => factorError ?? 0)),
    outcomes.reduce((sum, { spurious }) => sum + spurious, 0),
    (outcomes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / outcomes.length).toFixed(2),
  ].join(" | ")} |`;
}

/** The median and the ninth decile. */
function quantiles(errors: readonly number[]): string {
  if (errors.length === 0) return "";
  const sorted = errors.toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0;
  return `${(100 * at(0.5)).toFixed(1)} / ${(100 * at(0.9)).toFixed(0)} %`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
}
