import type { Block, Chart, Section } from "@spancost/web";
import { segmentText } from "../../commands/explain-rows.ts";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import { noValue } from "../../flags/dimensions.ts";
import { factorInWords } from "../factor-words.ts";
import { changeInWords, confidenceInWords, isHidden } from "../finding-words.ts";
import type { PictureName } from "./document-files.ts";
import { instantWords } from "./instants.ts";
import { placeOf } from "./summary-sections.ts";
import { timeline } from "./timeline-blocks.ts";
import {
  money,
  moneyChange,
  numberOf,
  rowOf,
  rowsOf,
  share,
  short,
  tableOf,
  textOf,
} from "./words.ts";

/** When the money went, by what mechanism, and where. */
export function costSections(envelope: ReportEnvelope): Section[] {
  return [
    ...(envelope.cost_usd === null
      ? []
      : [{ id: "timeline", title: "When", blocks: timeline(envelope) }]),
    ...(envelope.baseline_periods === 0
      ? [{ id: "where", title: "Where it goes", blocks: spend(envelope) }]
      : [
          { id: "bridge", title: "Why: from the usual cost to this one", blocks: bridge(envelope) },
          { id: "where", title: "Where", blocks: where(envelope) },
        ]),
  ];
}

/** What features cost, where nothing says what is usual. */
function spend({ spend: all, cost_usd: cost }: ReportEnvelope): Block[] {
  const whole = Number(cost);
  return [
    {
      kind: "table",
      table: tableOf(
        ["Feature", ">Calls", ">Cost", ">Share"],
        all.map((one) => {
          const own = numberOf(one["cost_usd"]);
          return [
            textOf(one["feature"] ?? noValue),
            short(numberOf(one["calls"])),
            money(one["cost_usd"]),
            own === undefined || whole === 0 ? "–" : share(own / whole),
          ];
        }),
      ),
    },
  ];
}

function bridge(envelope: ReportEnvelope): Block[] {
  const { cost_usd: cost, baseline_cost_usd: baseline, delta_usd: delta } = envelope;
  const steps = [...envelope.bridge]
    .sort((a, b) => Math.abs(Number(b["delta_usd"])) - Math.abs(Number(a["delta_usd"])))
    .map((step) => ({
      label: capital(factorInWords(textOf(step["factor"]), Number(step["delta_usd"]))),
      amount: Number(step["delta_usd"]),
      text: moneyChange(step["delta_usd"]),
      factor: textOf(step["factor"]),
    }));
  const [most] = steps;
  const sentence =
    most === undefined || most.amount === 0
      ? "Nothing changed."
      : `The largest step is ${most.label.toLowerCase()}, ${most.text}; all steps together are ${moneyChange(delta)}.`;
  const chart: Chart = {
    kind: "bridge",
    sentence: `From ${money(baseline)}, the usual cost, to ${money(cost)}. ${sentence}`,
    steps: [
      { label: "Usual cost", kind: "total", amount: Number(baseline), text: money(baseline) },
      ...steps
        .filter(({ amount }) => amount !== 0)
        .map(({ label, amount, text }) => ({ label, kind: "change" as const, amount, text })),
      { label: "This window", kind: "total", amount: Number(cost), text: money(cost) },
    ],
  };
  return [
    {
      kind: "text",
      text: [`${sentence} They add up exactly, to the last digit.`],
    },
    {
      kind: "chart",
      name: "bridge" satisfies PictureName,
      chart,
      table: tableOf(
        ["Effect", "Factor", ">Change", ">Share"],
        steps.map(({ label, factor, amount, text }) => [
          label,
          factor,
          text,
          Number(delta) === 0 ? "–" : share(amount / Number(delta)),
        ]),
        ["Together", "", moneyChange(delta), "100 %"],
      ),
    },
    ...counterfactuals(envelope),
  ];
}

/** With one factor as it was and all else as in the window. */
const asBefore: Readonly<Record<string, readonly [words: string, unit: string]>> = {
  traffic: ["the usual number of requests", "requests"],
  loops: ["the usual calls per request", "calls per request"],
  retries: ["the usual attempts per call", "attempts per call"],
  input: ["the usual prompt size", "input tokens per call"],
  cache: ["the usual cache hits", "of the input from a cache"],
  output: ["the usual answer length", "output tokens per call"],
  mix: ["the usual models", ""],
  price: ["the usual prices", ""],
};

function counterfactuals({ counterfactuals: all, cost_usd: cost }: ReportEnvelope): Block[] {
  const telling = all.filter(
    ({ delta_usd: delta }) => Math.abs(Number(delta)) >= 0.005 * Number(cost),
  );
  if (telling.length === 0) return [];
  const sorted = [...telling].sort((a, b) => Number(a["delta_usd"]) - Number(b["delta_usd"]));
  return [
    { kind: "heading", text: ["What it would have cost"] },
    {
      kind: "text",
      text: [
        "Had one thing stayed as it was in the baseline and all else been as in the window. These do not add up: what two changes do together is in both. Requests and calls are counted here where they have a price; under Impact all are.",
      ],
    },
    {
      kind: "table",
      table: tableOf(
        ["With …", "Instead of", ">Cost", ">Difference"],
        sorted.map((one) => {
          const [words = "", unit = ""] = asBefore[textOf(one["factor"])] ?? [];
          const isShare = one["factor"] === "cache";
          const level = (name: string) => {
            const value = numberOf(one[name]);
            return isShare ? share(value) : short(value);
          };
          const usual = unit === "" ? "" : ` (${level("baseline_level")})`;
          const now = unit === "" ? "" : `${level("window_level")} ${unit}`;
          return [words + usual, now, money(one["cost_usd"]), moneyChange(one["delta_usd"])];
        }),
      ),
    },
  ];
}

function where({ findings, quiet_sentence }: ReportEnvelope): Block[] {
  if (findings.length === 0) {
    return [{ kind: "text", text: [quiet_sentence ?? "No segment stands out."] }];
  }
  return findings.flatMap((finding, index): Block[] => {
    const part = numberOf(finding["share"]);
    const of = part === undefined ? "" : `, ${share(part)} of the change`;
    const seen = finding["first_seen"] ?? null;
    const versions = placeOf(rowOf(finding["new_versions"]));
    return [
      {
        kind: "heading",
        text: [
          `${index + 1}. `,
          { code: textOf(segmentText(rowOf(finding["segment"]))) },
          ` ${changeInWords(finding, of)}`,
        ],
      },
      {
        kind: "text",
        text: [
          `It cost ${money(finding["cost_usd"])} instead of ${money(finding["baseline_cost_usd"])}: ${textOf(finding["reason"])}.`,
          ...(versions === ""
            ? []
            : [" Nearly all of it has ", { strong: versions }, ", not in the baseline."]),
          ...(seen === null ? [] : [` First seen ${instantWords(textOf(seen))}.`]),
          ` ${capital(confidenceInWords(finding))}.`,
          ` ${insteadOf(rowOf(finding["counterfactual"]))}`,
        ],
      },
      { kind: "table", table: factorsTable(finding) },
      { kind: "table", table: figuresTable(finding) },
    ];
  });
}

/** "With the usual calls per request it would have cost $6.90, −$36.43." */
function insteadOf({ factor, cost_usd: cost, delta_usd: delta }: Row): string {
  const [words = ""] = asBefore[textOf(factor)] ?? [];
  return `With ${words} it would have cost ${money(cost)}, ${moneyChange(delta)}.`;
}

function factorsTable(finding: Row) {
  const delta = Number(finding["delta_usd"]);
  const hasNoShares = isHidden(finding);
  const steps = rowsOf(finding["factors"])
    .filter(({ delta_usd: amount }) => Number(amount) !== 0)
    .sort((a, b) => Math.abs(Number(b["delta_usd"])) - Math.abs(Number(a["delta_usd"])));
  return tableOf(
    ["Effect", ">Change", ">Share"],
    steps.map(({ factor, delta_usd: amount }) => [
      capital(factorInWords(textOf(factor), Number(amount))),
      moneyChange(amount),
      // Of what nearly cancels out no share says anything.
      delta === 0 || hasNoShares ? "–" : share(Number(amount) / delta),
    ]),
    ["Together", moneyChange(finding["delta_usd"]), hasNoShares ? "" : "100 %"],
  );
}

const figureNames: readonly (readonly [name: string, words: string])[] = [
  ["requests", "Requests"],
  ["calls_per_request", "Calls per request"],
  ["attempts_per_call", "Billed attempts per call"],
  ["input_tokens_per_call", "Input tokens per call"],
  ["cached_share", "Share of input from a cache"],
  ["output_tokens_per_call", "Output tokens per call"],
];

function figuresTable(finding: Row) {
  const [now, old] = [rowOf(finding["after"]), rowOf(finding["before"])];
  const show = (name: string, row: Row) =>
    name === "cached_share" ? share(numberOf(row[name])) : short(numberOf(row[name]));
  return tableOf(
    ["", ">Usual", ">This window"],
    figureNames.map(([name, words]) => [words, show(name, old), show(name, now)]),
  );
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
