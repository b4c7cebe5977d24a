import {
  type Dimension,
  dimensionNames,
  type Explanation,
  explain as explainSpend,
  isTag,
  type Period,
  type Segment,
} from "@spancost/analysis";
import { readQueryFile } from "@spancost/store";
import type { Command } from "commander";
import { type Cell, type Envelope, type Row, schemaOf, type Window } from "../envelope/envelope.ts";
import { UsageError } from "../errors.ts";
import { noValue, parseDimension, parseDimensions } from "../flags/dimensions.ts";
import { parseFilters } from "../flags/filters.ts";
import type { Texts } from "../flags/texts.ts";
import { millisOf, parseInstant } from "../flags/time.ts";
import { askedWindow } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { explainTable } from "../render/explain.ts";
import { type Evidence, evidenceOf, timelineOf } from "./explain-evidence.ts";
import { bridgeRows, findingOf, flatFinding, usd } from "./explain-rows.ts";
import { noDataWarning } from "./no-data.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { type TrustRow, trustRow, trustWarnings } from "./trust.ts";

/** Answer of `spancost explain`. Its rows are the findings, flat. */
export type ExplainEnvelope = Envelope & {
  readonly baseline: Window | null;
  /** How many stretches of the length of the window the baseline is the mean of. */
  readonly baseline_periods: number;
  readonly cost_usd: Cell;
  readonly baseline_cost_usd: Cell;
  readonly delta_usd: Cell;
  /** The change is a usual one: nothing was looked for. */
  readonly quiet: boolean;
  readonly summary: string;
  readonly findings: readonly Row[];
  readonly bridge: readonly Row[];
  readonly trust: Row;
  /** Cost per hour, from as long before the window as it is long. */
  readonly timeline: readonly Row[];
};

export const explain: ReadingCommand = {
  name: "explain",
  takes: ["since", "until", "baseline", "by", "where", "run"],
  needsStore: () => true,

  define(program: Command): Command {
    return program
      .command("explain")
      .description("why a window cost what it did: what changed, by how much, and where")
      .option(
        "--baseline <range>",
        "compare with T..T, or prev-7d: the same hours of the 7 days before (default: of those of them that are like the window's day)",
      )
      .option("--by <dims>", "look for causes in these dimensions only")
      .addHelpText(
        "after",
        "\nWithout --since it explains the last 24 hours that have records.\n" +
          "\nExamples:\n  spancost explain\n  spancost explain --since 14:10 --until 17:35\n" +
          "  spancost explain --since 2026-11-19 --until 2026-11-20 --baseline 2026-11-12..2026-11-19",
      );
  },

  prepare(texts: Texts, now: number) {
    const question = {
      ...askedWindow(texts, now),
      baseline: baselineOf(texts.one("baseline"), now),
      by: texts.all("by").length === 0 ? undefined : causes(texts.all("by")),
      where: segmentOf(texts.all("where")),
    };
    return async ({ reader }) => {
      const ask = (name: string, variables: Readonly<Record<string, string>>) =>
        reader.readRows(readQueryFile(name).sql, variables);
      const found = await explainSpend({ ask }, question);
      if (found.kind === "no-data") return nothingToExplain(reader, found.window, texts);
      const evidence = await Promise.all(
        found.findings.map(({ segment }) => evidenceOf(reader, found.window, segment)),
      );
      const timeline = await timelineOf(reader, found.window, question.where);
      return answer(found, evidence, timeline, trustRow(found.trust, question.by));
    };
  },

  table: (envelope, page) => explainTable(envelope as ExplainEnvelope, page),
};

function answer(
  found: Explanation,
  evidence: readonly Evidence[],
  timeline: readonly Row[],
  trust: TrustRow,
): ExplainEnvelope {
  const { since, until, periods } = found.baseline;
  return {
    schema: schemaOf("explain"),
    window: { ...found.window },
    baseline: { since, until },
    baseline_periods: periods,
    cost_usd: usd(found.cost),
    baseline_cost_usd: usd(found.baselineCost),
    delta_usd: usd(found.delta),
    quiet: found.quiet,
    summary: found.summary,
    findings: found.findings.map((finding, index) => findingOf(finding, evidence[index])),
    bridge: bridgeRows(found.bridge),
    trust,
    timeline,
    rows: found.findings.map(flatFinding),
    warnings: [...found.warnings, ...trustWarnings(trust)],
  };
}

async function nothingToExplain(
  reader: Reader,
  window: Period | undefined,
  texts: Texts,
): Promise<ExplainEnvelope> {
  const asked = window === undefined ? undefined : { ...window };
  const warning = await noDataWarning(reader, asked, parseFilters(texts.all("where")));
  return {
    schema: schemaOf("explain"),
    window: asked ?? null,
    baseline: null,
    baseline_periods: 0,
    cost_usd: null,
    baseline_cost_usd: null,
    delta_usd: null,
    quiet: true,
    summary: warning,
    findings: [],
    bridge: [],
    trust: {},
    timeline: [],
    rows: [],
    warnings: [warning],
    no_data: true,
  };
}

function baselineOf(text: string | undefined, now: number): Period | "prev-7d" | undefined {
  if (text === undefined || text === "prev-7d") return text;
  const [since, until, ...more] = text.split("..");
  if (!since || !until || more.length > 0) {
    throw new UsageError(
      `--baseline takes prev-7d or a range such as 2026-11-12..2026-11-19, not "${text}".`,
    );
  }
  const period = {
    since: parseInstant(since, "baseline", now),
    until: parseInstant(until, "baseline", now),
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
