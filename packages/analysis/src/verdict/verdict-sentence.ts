import { comparedUsd, type PicoUsd, shortUsd, usdFromNumber } from "@spancost/pricing";
import { percentText } from "../percent-text.ts";
import { fewestRequests, type UnitFigures } from "./compared.ts";
import type { ReleaseVerdict } from "./release-verdict.ts";

/** One plain sentence, or two, on a release. */
export function verdictSentence(
  verdict: Omit<ReleaseVerdict, "sentence">,
  leftOfOld: bigint,
): string {
  const { service, release, control } = verdict;
  const name = service === null ? `Release ${release}` : `Release ${release} of ${service}`;
  if (control === "nothing") {
    return `${name} cannot be judged: the release before it served none of the same features.`;
  }
  return `${name} ${judgement(verdict)}: ${costs(verdict)}${reason(verdict)}. ${basis(verdict, leftOfOld)}`;
}

/** Without the old release beside it, whatever else changed since looks like the release: it came with the change. */
export function verbOf({ control }: Pick<ReleaseVerdict, "control">): string {
  return control === "same-hours" ? "explains" : "came with";
}

function judgement({
  verdict,
  share = 0,
  excess,
  control,
  requests,
  controlRequests,
}: Omit<ReleaseVerdict, "sentence">): string {
  const verb = verbOf({ control });
  const part = `${percentText(share)} of the change (${shortUsd(excess)})`;
  switch (verdict) {
    case "explains":
      return share > 1.05
        ? `${verb} the whole change and more (${shortUsd(excess)}; without it the window would have been cheaper than usual)`
        : `${verb} ${part}`;
    case "explains-part":
      return control === "same-hours" ? `explains a part, ${part}` : `${verb} ${part}`;
    case "does-not-explain":
      return "does not explain the change";
    case "too-few-requests":
      return requests < fewestRequests || controlRequests < fewestRequests
        ? "served too few requests to be judged"
        : "cannot be told from chance, for requests cost so differently";
    default:
      throw new TypeError(verdict satisfies never);
  }
}

function costs({ new: now, old }: Omit<ReleaseVerdict, "sentence">): string {
  const [ours, theirs] = comparedUsd(dollars(now.costPerRequest), dollars(old.costPerRequest));
  return `a request costs ${ours} with it and ${theirs} with the release before`;
}

/** What changed by a quarter or more, the two largest changes. */
function reason({ new: now, old }: Omit<ReleaseVerdict, "sentence">): string {
  const changes = measures.flatMap(({ of, words }) => {
    const [a, b] = [of(now), of(old)];
    if (a === undefined || b === undefined || a <= 0 || b <= 0) return [];
    const size = Math.abs(Math.log(a / b));
    return size < Math.log(1.25) ? [] : [{ size, text: words(a, b) }];
  });
  const most = changes.sort((a, b) => b.size - a.size).slice(0, 2);
  return most.length === 0 ? "" : ` (${most.map(({ text }) => text).join(", ")})`;
}

const measures: readonly {
  readonly of: (figures: UnitFigures) => number | undefined;
  readonly words: (now: number, old: number) => string;
}[] = [
  {
    of: ({ callsPerRequest }) => callsPerRequest,
    words: (now, old) => `${short(now)} calls per request instead of ${short(old)}`,
  },
  {
    of: ({ inputTokensPerCall }) => inputTokensPerCall,
    words: (now, old) => `${short(now)} input tokens per call instead of ${short(old)}`,
  },
  {
    of: ({ outputTokensPerCall }) => outputTokensPerCall,
    words: (now, old) => `${short(now)} output tokens per call instead of ${short(old)}`,
  },
  {
    of: ({ cachedShare }) => cachedShare,
    words: (now, old) =>
      `${percentText(now)} of the input from a cache instead of ${percentText(old)}`,
  },
];

function basis(verdict: Omit<ReleaseVerdict, "sentence">, leftOfOld: bigint): string {
  const { control, requests, controlRequests } = verdict;
  const counts = `${count(requests)} of its requests, ${count(controlRequests)} of the old`;
  if (control === "same-hours") return `Compared in the same hours: ${counts}.`;
  const why =
    leftOfOld === 0n
      ? "the old release served none beside it"
      : `the old release served only ${count(leftOfOld)} beside it`;
  return `Compared with the baseline (${counts}), for ${why} in the same hours.`;
}

const countFormat = new Intl.NumberFormat("en-US");
const shortFormat = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

function count(requests: bigint): string {
  return countFormat.format(requests);
}

function short(value: number): string {
  return shortFormat.format(value);
}

function dollars(amount: number | undefined): PicoUsd | undefined {
  return amount === undefined ? undefined : usdFromNumber(amount);
}
