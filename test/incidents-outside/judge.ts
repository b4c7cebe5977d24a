/** What is right in an answer of `spancost explain --json`, by the truth. */
import type { Truth } from "./cases.ts";
import { fits } from "./causes.ts";
import { hour, type Labels } from "./requests.ts";

/** What is read of the answer. */
export interface Answer {
  readonly window: { readonly since: string; readonly until: string };
  readonly cost_usd: number;
  readonly baseline_cost_usd: number;
  readonly delta_usd: number;
  readonly findings: readonly {
    readonly segment: Labels;
    readonly delta_usd: number;
    readonly mechanism: string;
    readonly sentence: string;
  }[];
}

export interface Judged {
  readonly truth: Truth;
  /** The first finding names a cause. */
  readonly first: boolean;
  /** All causes are named by the first three. */
  readonly all: boolean;
  /** All that are named are so with their mechanism, and one is. */
  readonly mechanism: boolean;
  /** Of the dollars of the first right finding, as a share of the truth. */
  readonly error: number | undefined;
  /** Findings of which less than a fifth is spend of a cause. */
  readonly spurious: number;
  readonly findings: readonly { name: string; jaccard: number; planted: number }[];
}

const alike = 0.8;

export function judge(truth: Truth, answer: Answer): Judged {
  const [since, until] = [Date.parse(answer.window.since), Date.parse(answer.window.until)];
  const calls = truth.calls.filter(([at]) => at >= since && at < until);
  const spend = (chosen: (labels: Labels, cause: number) => boolean) =>
    calls.reduce((sum, [, labels, usd, cause]) => {
      return chosen(truth.labels[labels] as Labels, cause) ? sum + usd : sum;
    }, 0);
  const jaccard = (one: Parameters<typeof spend>[0], other: Parameters<typeof spend>[0]) => {
    const either = spend((...call) => one(...call) || other(...call));
    return either === 0 ? 0 : spend((...call) => one(...call) && other(...call)) / either;
  };
  const findings = answer.findings.map(({ segment, mechanism, delta_usd }) => {
    const named = (labels: Labels) => fits(segment, labels);
    // Right is who names the segment or, where only a part of it was hit, just the calls that were.
    const likeness = truth.causes.map(({ names }, index) =>
      Math.max(
        jaccard(named, (_, cause) => cause === index),
        ...names.map((name) => jaccard(named, (labels) => fits(name, labels))),
      ),
    );
    const planted = spend((labels, cause) => {
      const told = truth.causes.some(({ names }) => names.some((name) => fits(name, labels)));
      return named(labels) && (cause >= 0 || told);
    });
    const share = planted / (spend(named) || 1);
    return {
      segment,
      mechanism,
      delta_usd,
      likeness,
      share,
      whole: spend(named) / spend(() => true),
    };
  });
  const hits = truth.causes.map((_, cause) =>
    findings.slice(0, 3).find(({ likeness }) => (likeness[cause] as number) >= alike),
  );
  const [head] = findings;
  const right = hits.findIndex((hit) => hit !== undefined);
  const dollars = right < 0 ? 0 : excessIn(truth, right, since, until);
  const told = hits.flatMap((hit, index) => (hit === undefined ? [] : [{ hit, index }]));
  return {
    truth,
    first: head?.likeness.some((value) => value >= alike) ?? false,
    all: truth.causes.length > 0 && told.length === truth.causes.length,
    mechanism:
      told.length > 0 &&
      told.every(({ hit, index }) => truth.causes[index]?.mechanisms.includes(hit.mechanism)),
    error: right < 0 ? undefined : Math.abs((hits[right]?.delta_usd ?? 0) / dollars - 1),
    // That all of it rose or fell with the requests is no alarm on a busy day or a holiday.
    spurious: findings.filter(
      ({ share, whole, mechanism }) => share < 0.2 && !(whole > 0.9 && mechanism === "traffic"),
    ).length,
    findings: findings.map(({ segment, mechanism, delta_usd, likeness, share }) => ({
      name: `${nameOf(segment)} ${mechanism} ${delta_usd.toFixed(2)}`,
      jaccard: Math.max(0, ...likeness),
      planted: share,
    })),
  };
}

/** What a cause cost in the window more than in the same hours of the seven days before. */
function excessIn(truth: Truth, cause: number, since: number, until: number): number {
  const within = (shift: number) =>
    Object.entries(truth.causes[cause]?.excess ?? {}).reduce((sum, [clock, usd]) => {
      const at = Number(clock) * hour + shift * 24 * hour;
      return at + hour > since && at < until ? sum + usd : sum;
    }, 0);
  const before = [1, 2, 3, 4, 5, 6, 7].reduce((sum, shift) => sum + within(shift), 0) / 7;
  return within(0) - before;
}

function nameOf(segment: Labels): string {
  const parts = Object.entries(segment).map(([label, value]) => `${label}=${value}`);
  return parts.join(",") || "everything";
}
