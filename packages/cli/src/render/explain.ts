import { sentenceIn } from "../commands/detection-row.ts";
import type { ExplainEnvelope } from "../commands/explain.ts";
import { segmentText } from "../commands/explain-rows.ts";
import type { Cell, Row } from "../envelope/envelope.ts";
import { noValue } from "../flags/dimensions.ts";
import { plain, windowText } from "../flags/window.ts";
import { bar, sparkline } from "./bars.ts";
import { money, moneyChange, numberText, percent } from "./cells.ts";
import { factorInWords } from "./factor-words.ts";
import { changeInWords, confidenceInWords } from "./finding-words.ts";
import { type Page, pasted, table } from "./table.ts";
import { harmless, wrapped } from "./text-width.ts";
import { trustLine } from "./trust.ts";

/** What happened, step by step to the last cent, where, and how far to believe it. */
export function explainTable(envelope: ExplainEnvelope, page: Page): string {
  if (envelope.no_data === true) return "";
  const isCompared = envelope.baseline_periods > 0;
  const blocks = [
    headline(envelope, page),
    isCompared ? steps(envelope, page) : spend(envelope, page),
  ];
  const { detection, releases } = envelope;
  if (detection !== null) blocks.unshift(prose(harmless(sentenceIn(detection, page.zone)), page));
  if (envelope.quiet_sentence !== null) blocks.push(prose(harmless(envelope.quiet_sentence), page));
  else if (envelope.findings.length > 0) blocks.push(where(envelope.findings, page));
  if (releases.length > 0) blocks.push(verdicts(releases, page));
  blocks.push(trustLine(envelope.trust));
  const next = nextCommands(envelope.findings, page);
  if (next.length > 0) blocks.push(next.map((line) => page.style("cyan", line)).join("\n"));
  return blocks.join("\n\n");
}

const widestSparkline = 72;

function headline(envelope: ExplainEnvelope, page: Page): string {
  const { window, baseline_cost_usd: baseline, cost_usd: cost, delta_usd: delta } = envelope;
  const isCompared = envelope.baseline_periods > 0;
  const change = isCompared
    ? `${moneyChange(delta)} ${Number(delta) < 0 ? "below" : "over"} the baseline of ${money(baseline)}`
    : "no baseline";
  const times = isCompared ? Number(cost) / Number(baseline) : Number.NaN;
  const ratio = Number.isFinite(times) ? ` (${times.toFixed(times < 10 ? 1 : 0)}×)` : "";
  const line = `${page.style("bold", window === null ? "" : windowText(window, page.zone))}   ${page.style("bold", money(cost))}   ${change}${ratio}`;
  // Why there is nothing to compare with is a warning, which stands below.
  const compared = isCompared ? comparedWith(envelope, page) : undefined;
  const spark = sparkline(folded(envelope.timeline.map(({ cost_usd }) => Number(cost_usd ?? 0))));
  return [line, compared, spark === "" ? undefined : page.style("cyan", spark)]
    .filter((part) => part !== undefined)
    .join("\n");
}

function comparedWith(
  { baseline, baseline_periods: periods, baseline_day_kind: kind }: ExplainEnvelope,
  { zone }: Page,
): string {
  const text = baseline === null ? "" : windowText(baseline, zone);
  if (periods === 1) return `compared with ${text}`;
  const days = kind === null ? "" : ` of ${kind} days`;
  return `compared with the mean of ${periods} stretches of the same length${days} from ${text}`;
}

/** Neighbours added up until there are few enough for one line. */
function folded(values: readonly number[]): readonly number[] {
  const size = Math.ceil(values.length / widestSparkline);
  if (size <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size).reduce((sum, value) => sum + value, 0),
  );
}

const barWidth = 24;

function steps({ bridge, delta_usd: delta }: ExplainEnvelope, page: Page): string {
  const largest = Math.max(...bridge.map(({ delta_usd }) => Math.abs(Number(delta_usd))));
  const whole = Number(delta);
  // Where large changes cancel out, shares of the rest say nothing.
  const hasShares = whole !== 0 && largest <= 3 * Math.abs(whole);
  const sorted = [...bridge].sort(
    (a, b) => Math.abs(Number(b["delta_usd"])) - Math.abs(Number(a["delta_usd"])),
  );
  return table(
    [
      { title: "WHY", side: "left" },
      { title: "CHANGE", side: "right", style: "bold" },
      { title: "SHARE", side: "right" },
      { title: "", side: "left", style: "cyan" },
    ],
    [
      ...sorted.map(({ factor, delta_usd: amount }) => ({
        texts: [
          factorInWords(String(factor), Number(amount)),
          moneyChange(amount),
          hasShares ? signedPercent(Number(amount) / whole) : "",
          bar(Math.abs(Number(amount)) / (largest || 1), barWidth),
        ],
      })),
      { texts: ["together, exactly", moneyChange(delta), "", ""], style: "bold" as const },
    ],
    page,
  );
}

/** Where the money goes, where nothing says what is usual. */
function spend({ spend: all, cost_usd: cost }: ExplainEnvelope, page: Page): string {
  const whole = Number(cost);
  const shown = all.slice(0, mostFeatures);
  const shares = shown.map(({ cost_usd: one }) =>
    one === null || whole === 0 ? undefined : Number(one) / whole,
  );
  const lines = shown.map(({ feature, calls, cost_usd: one }, index) => {
    const share = shares[index];
    return {
      texts: [
        harmless(String(feature ?? noValue)),
        numberText(Number(calls)),
        money(one),
        share === undefined ? "" : percent(share),
        share === undefined ? "" : bar(share, barWidth),
      ],
    };
  });
  const rest = all.length - shown.length;
  const text = table(
    [
      { title: "FEATURE", side: "left", flexible: true },
      { title: "CALLS", side: "right" },
      { title: "COST", side: "right", style: "bold" },
      { title: "SHARE", side: "right" },
      { title: "", side: "left", style: "cyan" },
    ],
    lines,
    page,
  );
  return rest === 0 ? text : `${text}\nand ${rest} more: see spancost top`;
}

const mostFeatures = 10;

function signedPercent(share: number): string {
  // A small share is small, whichever way it goes; the money beside it has the sign.
  return share > -0.0005 ? percent(Math.abs(share)) : `−${percent(-share)}`;
}

function where(findings: readonly Row[], page: Page): string {
  const parts = findings.flatMap((finding, index) => {
    const segment = harmless(segmentText(finding["segment"] as Row));
    const share = finding["share"] ?? null;
    const of = share === null ? "" : `  (${signedPercent(Number(share))} of the change)`;
    const seen = finding["first_seen"] ?? null;
    return [
      `${index + 1}. ${page.style("bold", segment)}  ${changeInWords(finding, of)}` +
        (seen === null ? "" : `  first seen ${plain(String(seen), page.zone)} ${page.zone.name}`),
      prose(harmless(String(finding["sentence"])), page, indent),
      prose(confidenceInWords(finding), page, indent),
    ];
  });
  return [page.style("dim", "WHERE"), ...parts].join("\n");
}

/** A sentence on each release that appeared in the window; of many on those that matter. */
function verdicts(releases: readonly Row[], page: Page): string {
  const shown = releases.slice(0, mostVerdicts);
  const more = releases.length - shown.length;
  return [
    page.style("dim", "RELEASES"),
    ...shown.map(({ sentence }) => prose(harmless(String(sentence)), page, indent)),
    ...(more === 0 ? [] : [`   and ${count(more, "more release", "more releases")}: see --json`]),
  ].join("\n");
}

const mostVerdicts = 3;

/** Before what belongs to the line above. */
const indent = "   ";

/** A wider text is hard to read, however wide the terminal is. */
const mostWidth = 110;

/** In lines that a terminal holds; what goes elsewhere is left in one, so that it can be searched. */
function prose(text: string, { width }: Page, indent = ""): string {
  const lines = Number.isFinite(width)
    ? wrapped(text, Math.min(width, mostWidth) - indent.length)
    : [text];
  return lines.map((line) => indent + line).join("\n");
}

/** What to type to see the first finding in a single request. */
function nextCommands(findings: readonly Row[], page: Page): string[] {
  const [dearest] = (findings[0]?.["examples"] ?? []) as readonly Row[];
  if (dearest === undefined) return [];
  const { trace_id: traceId, cost_usd: cost, calls, retries } = dearest;
  const id = String(traceId);
  const tries =
    typeof retries === "number" && retries > 0 ? `, ${count(retries, "retry", "retries")}` : "";
  return [
    `dearest trace: ${id.slice(0, 8)}…  ${money(cost)}, ${count(calls, "call", "calls")}${tries}   → ${pasted(`spancost trace ${id.slice(0, 12)}`, page)}`,
  ];
}

function count(value: Cell | undefined, one: string, many: string): string {
  return `${numberText(Number(value ?? 0))} ${value === 1 ? one : many}`;
}
