import type { Block, Section, Text } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import { noValue } from "../../flags/dimensions.ts";
import { factorInWords } from "../factor-words.ts";
import { fromTo } from "./instants.ts";
import {
  counted,
  money,
  moneyChange,
  numberOf,
  percent,
  rowOf,
  short,
  textOf,
  times,
} from "./words.ts";

const dayHours = 24;

/** What happened in three sentences, and how much it was. */
export function summarySections(envelope: ReportEnvelope): Section[] {
  return [
    { id: "summary", title: "Summary", blocks: summary(envelope) },
    { id: "impact", title: "Impact", blocks: impact(envelope) },
  ];
}

function summary(envelope: ReportEnvelope): Block[] {
  const sentences = [whatHappened(envelope), why(envelope), howFast(envelope)];
  return sentences.filter((text) => text.length > 0).map((text) => ({ kind: "text", text }));
}

function whatHappened(envelope: ReportEnvelope): Text {
  const { window, cost_usd: cost, baseline_cost_usd: baseline, delta_usd: delta } = envelope;
  if (window === null) return [];
  if (cost === null) return [textOf(envelope.warnings[0])];
  const spent: Text = [`${fromTo(window)} calls to language models cost `, { strong: money(cost) }];
  if (envelope.baseline_periods === 0) {
    return [...spent, `. ${textOf(envelope.warnings[0])}`];
  }
  const ratio = Number(cost) / Number(baseline);
  const isLess = Number(delta) < 0;
  const usual = Number.isFinite(ratio) && !isLess ? `: ${times(ratio)} as much` : "";
  return [
    ...spent,
    ", which is ",
    { strong: `${money(delta).replace("−", "")} ${isLess ? "less" : "more"}` },
    ` than the ${money(baseline)} that these hours usually cost${usual}.`,
  ];
}

function why(envelope: ReportEnvelope): Text {
  const [finding] = envelope.findings;
  if (envelope.baseline_periods === 0) return [];
  if (finding === undefined) {
    const [most] = [...envelope.bridge].sort(
      (a, b) => Math.abs(Number(b["delta_usd"])) - Math.abs(Number(a["delta_usd"])),
    );
    const effect =
      most === undefined ? "" : factorInWords(textOf(most["factor"]), Number(most["delta_usd"]));
    return [
      `${envelope.quiet_sentence ?? "No segment stands out."}${effect === "" ? "" : ` The largest effect is ${effect}.`}`,
    ];
  }
  const part = numberOf(finding["share"]);
  const much = part === undefined ? "The largest part" : part > 1 ? "All of it" : percent(part);
  const versions = placeOf(rowOf(finding["new_versions"]));
  const place = placeOf(rowOf(finding["segment"])) || "all calls together";
  return [
    `${much} ${part === undefined || part > 1 ? "comes" : "of it comes"} from `,
    { strong: place },
    `: ${textOf(finding["reason"])}.`,
    ...(versions === ""
      ? []
      : [" Nearly all of it has ", { strong: versions }, ", which was not there before."]),
  ];
}

function howFast({
  window,
  delta_usd: delta,
  baseline_periods: periods,
  detection,
}: ReportEnvelope): Text {
  if (window === null || periods === 0 || Number(delta) <= 0) return [];
  const hours = (Date.parse(window.until) - Date.parse(window.since)) / 3_600_000;
  const perHour = Number(delta) / hours;
  const ongoing = detection?.["ongoing"] === true ? " It had not ended when the data ends." : "";
  return [
    `Each hour cost ${dollars(perHour)} more than usual; left alone, that is ${dollars(perHour * dayHours)} a day.${ongoing}`,
  ];
}

function impact(envelope: ReportEnvelope): Block[] {
  const {
    cost_usd: cost,
    baseline_cost_usd: baseline,
    delta_usd: delta,
    totals,
    affected,
  } = envelope;
  const usual = rowOf(envelope.usual_totals);
  const hasUsual = envelope.usual_totals !== null && envelope.baseline_periods > 0;
  const requests = numberOf(totals["requests"]) ?? 0;
  const usualRequests = numberOf(usual["requests"]) ?? 0;
  const each = requests === 0 || cost === null ? undefined : Number(cost) / requests;
  const usualEach = usualRequests === 0 ? undefined : Number(baseline) / usualRequests;
  const usually = (text: string) => (hasUsual ? `usually ${text}` : "");
  const figures = [
    envelope.baseline_periods === 0
      ? { label: "Cost", value: money(cost), note: "no baseline" }
      : {
          label: Number(delta) < 0 ? "Saved" : "Extra cost",
          value: moneyChange(delta),
          note: `${money(cost)} instead of ${money(baseline)}`,
        },
    { label: "Cost per request", value: dollars(each), note: usually(dollars(usualEach)) },
    { label: "Requests", value: short(requests), note: usually(short(usualRequests)) },
    {
      label: "Calls per request",
      value: short(requests === 0 ? undefined : (numberOf(totals["calls"]) ?? 0) / requests),
      note: usually(
        short(usualRequests === 0 ? undefined : (numberOf(usual["calls"]) ?? 0) / usualRequests),
      ),
    },
  ];
  return [
    { kind: "figures", figures },
    ...(affected === null
      ? []
      : [{ kind: "text", text: affectedText(envelope, affected) } as const]),
    { kind: "blank", what: "what customers noticed, if anything, and who was told." },
  ];
}

function affectedText(envelope: ReportEnvelope, affected: Row): Text {
  const [finding] = envelope.findings;
  const users = numberOf(affected["users"]) ?? 0;
  const who = users === 0 ? "users that are not told" : counted(users, "user");
  return [
    "The calls of ",
    { strong: placeOf(rowOf(finding?.["segment"])) || "all features" },
    ` belong to ${counted(numberOf(affected["requests"]) ?? 0, "request")} of ${who} in the window.`,
  ];
}

/** "feature support-agent, release 2.14": a segment in words; of all calls nothing. */
export function placeOf(segment: Row): string {
  return Object.entries(segment)
    .map(([name, value]) => {
      const noun = name.startsWith("tag:")
        ? name.slice(4)
        : (nouns[name] ?? name.replaceAll("_", " "));
      return value === null || value === noValue
        ? `calls without ${noun}`
        : `${noun} ${textOf(value)}`;
    })
    .join(", ");
}

const nouns: Readonly<Record<string, string>> = {
  user_id: "user",
  conversation_id: "conversation",
};

/** Dollars that are a mean. */
export function dollars(amount: number | undefined): string {
  if (amount === undefined || !Number.isFinite(amount)) return "–";
  return money(Number(amount.toPrecision(12)));
}
