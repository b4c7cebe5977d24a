import type { Judged, Period } from "@spancost/analysis";
import { quietSentence } from "@spancost/analysis";
import type { Command } from "commander";
import { type Cell, type Envelope, type Row, schemaOf, type Window } from "../envelope/envelope.ts";
import { parseFilters } from "../flags/filters.ts";
import type { Texts } from "../flags/texts.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { Reader } from "../ports.ts";
import { explainTable } from "../render/explain.ts";
import { detectionRow } from "./detection-row.ts";
import { type Evidence, evidenceOf, timelineOf } from "./explain-evidence.ts";
import { explainQuestion } from "./explain-question.ts";
import { bridgeRows, findingOf, flatFinding, knownUsd, spendRow, usd } from "./explain-rows.ts";
import { detect, judgeDetected } from "./judge-detected.ts";
import { counterfactualRows, verdictRows } from "./judged-rows.ts";
import { noDataWarning } from "./no-data.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { segmentQueries } from "./segment-queries.ts";
import { trustRow, trustWarnings } from "./trust.ts";

/** Answer of `spancost explain`. Its rows are the findings, flat. */
export type ExplainEnvelope = Envelope & {
  /** `null`, as its cost and the change, where too little is stored or priced for a comparison. */
  readonly baseline: Window | null;
  /** How many stretches of the length of the window the baseline is the mean of. */
  readonly baseline_periods: number;
  /** "weekend" or "working", where the stretches are of such days only and not simply of the days before. */
  readonly baseline_day_kind: Cell;
  /** `null` where no call has a price. */
  readonly cost_usd: Cell;
  readonly baseline_cost_usd: Cell;
  readonly delta_usd: Cell;
  /** No segment stands out. */
  readonly quiet: boolean;
  /** What that means: the change is a usual one, or a release explains it, or it is spread over many; else `null`. */
  readonly quiet_sentence: string | null;
  readonly summary: string;
  /** What each feature cost in the window, the dearest first. */
  readonly spend: readonly Row[];
  /** Where no window was asked for, whether a spike was found; else `null`. */
  readonly detection: Row | null;
  readonly findings: readonly Row[];
  /** Empty without a baseline. */
  readonly bridge: readonly Row[];
  /** A verdict on each release that is new beside the baseline; `first_seen` is its first call in window and baseline. */
  readonly releases: readonly Row[];
  /** For each factor, what the window would have cost had it stayed as it was. They do not sum to the change. */
  readonly counterfactuals: readonly Row[];
  readonly trust: Row;
  /** Cost per hour, from as long before the window as it is long. */
  readonly timeline: readonly Row[];
};

export const explain: ReadingCommand = {
  name: "explain",
  takes: ["since", "until", "baseline", "by", "where", "run"],
  needsStore: () => true,
  tellsWindow: true,

  define(program: Command): Command {
    return program
      .command("explain")
      .description("why a window cost what it did: what changed, by how much, and where")
      .option(
        "--baseline <range>",
        "compare with T..T; prev-7d: the same hours of the 7 days before; similar-days: of those of them that are like the window's day (default: similar-days)",
      )
      .option("--by <dims>", "look for causes in these dimensions only")
      .addHelpText(
        "after",
        "\nWithout --since it looks for a spike in the last 24 hours that have records, and explains it;\n" +
          "where there is none, or nothing stands out in it, these 24 hours.\n" +
          "\nExamples:\n  spancost explain\n  spancost explain --since 14:10 --until 17:35\n" +
          "  spancost explain --since 2026-11-19 --until 2026-11-20 --baseline 2026-11-12..2026-11-19",
      );
  },

  prepare(texts: Texts, now: number) {
    const asked = explainQuestion(texts, now);
    return async ({ reader }) => {
      const queries = segmentQueries(reader);
      const detection = await detect(reader, queries, asked);
      const detected = await judgeDetected(queries, asked, detection);
      const { question, judged } = detected;
      if ("kind" in judged) return nothingToExplain("explain", reader, judged.window, texts);
      const { window, findings } = judged.explanation;
      const evidence = await evidenceOf(reader, window, findings);
      const timeline = await timelineOf(reader, window, question.where ?? {});
      const answer = explainAnswer(judged, evidence, question.by);
      return {
        schema: schemaOf("explain"),
        ...answer,
        detection: detectionRow(detected),
        timeline,
      };
    };
  },

  table: (envelope, page) => explainTable(envelope as ExplainEnvelope, page),
};

/** What an explanation says, in explain's answer and in a report's. */
export function explainAnswer(
  { explanation: found, verdicts, counterfactuals }: Judged,
  evidence: readonly Evidence[],
  by: readonly string[] | undefined,
): Omit<ExplainEnvelope, "schema" | "detection" | "timeline"> {
  const { change } = found;
  const trust = trustRow(found.trust, by);
  return {
    window: { ...found.window },
    baseline: change ? { since: change.baseline.since, until: change.baseline.until } : null,
    baseline_periods: change?.baseline.periods ?? 0,
    baseline_day_kind: change?.baseline.days ?? null,
    cost_usd: knownUsd(found.cost),
    baseline_cost_usd: change ? usd(change.baselineCost) : null,
    delta_usd: change ? usd(change.delta) : null,
    quiet: found.quiet,
    quiet_sentence: found.quiet && change ? quietSentence(change, verdicts) : null,
    summary: found.summary,
    spend: found.spend.map(spendRow),
    findings: found.findings.map((finding, index) => findingOf(finding, evidence[index])),
    bridge: change ? bridgeRows(change.bridge) : [],
    releases: verdictRows(verdicts),
    counterfactuals: counterfactualRows(counterfactuals),
    trust,
    rows: found.findings.map(flatFinding),
    warnings: [...found.warnings, ...trustWarnings(trust)],
  };
}

/** The answer where no call is stored of what was asked. */
export async function nothingToExplain(
  command: string,
  reader: Reader,
  window: Period | undefined,
  texts: Texts,
): Promise<ExplainEnvelope> {
  const asked = window === undefined ? undefined : { ...window };
  const warning = await noDataWarning(
    reader,
    asked,
    parseFilters(texts.all("where")),
    zoneOf(texts),
  );
  return {
    schema: schemaOf(command),
    window: asked ?? null,
    baseline: null,
    baseline_periods: 0,
    baseline_day_kind: null,
    cost_usd: null,
    baseline_cost_usd: null,
    delta_usd: null,
    quiet: true,
    quiet_sentence: null,
    summary: warning,
    spend: [],
    detection: null,
    findings: [],
    bridge: [],
    releases: [],
    counterfactuals: [],
    trust: {},
    timeline: [],
    rows: [],
    warnings: [warning],
    no_data: true,
  };
}
