import { queryNames } from "@spancost/store";
import type { ExplainEnvelope } from "../commands/explain.ts";
import type { TopEnvelope } from "../commands/top.ts";
import type { TraceEnvelope } from "../commands/trace.ts";
import type { Cell, Envelope, Row } from "../envelope/envelope.ts";
import { dimensionNames } from "../flags/dimensions.ts";
import type { Texts } from "../flags/texts.ts";
import { money, moneyChange, numberText, percent } from "../render/cells.ts";
import { textsOf, whereInput, windowInput } from "./inputs.ts";
import { mostRows } from "./safe-data.ts";
import type { Tool } from "./tool.ts";

/** The tools, in the order in which somebody who looks for the cause of a bill needs them. */
export const tools: readonly Tool[] = [
  {
    name: "cost_summary",
    title: "What model calls cost",
    description:
      "Total cost, calls and tokens of a window, with a row per day (the dearest first), and how much of it can be believed.",
    input: { ...windowInput, ...whereInput },
    ask: (given) => ({
      command: "top",
      texts: textsOf({ ...given, by: "day", limit: String(mostRows) }),
    }),
    link: (given) => ({ command: "top", texts: textsOf(given) }),
    tell: tellOfTop,
  },
  {
    name: "explain_spike",
    title: "Why cost changed",
    description:
      "Compares a window with its baseline: by which factor cost changed (loops, prompts, cache, retries, traffic, models, prices; " +
      "they sum to the change), and in which segments. Without since it finds the spike of the last 24 hours.",
    input: {
      ...windowInput,
      ...whereInput,
      baseline: {
        type: "string",
        maxLength: 90,
        description: "T..T, prev-7d or similar-days (default)",
      },
    },
    ask: (given) => ({ command: "explain", texts: textsOf(given) }),
    tell: tellOfExplain,
  },
  {
    name: "top_segments",
    title: "Where the money goes",
    description: "Cost, calls and tokens per value of one to three dimensions, the dearest first.",
    input: {
      by: {
        type: "array",
        minItems: 1,
        maxItems: 3,
        items: { type: "string", maxLength: 100 },
        description: `Dimensions: ${dimensionNames.join(", ")}, or tag:NAME`,
      },
      ...windowInput,
      ...whereInput,
    },
    required: ["by"],
    ask: (given) => ({ command: "top", texts: textsOf({ ...given, limit: String(mostRows) }) }),
    // The page splits by one dimension at a time.
    link: (given) => ({ command: "top", texts: firstBy(textsOf(given)) }),
    tell: tellOfTop,
  },
  {
    name: "get_trace_cost",
    title: "What one request cost",
    description: "Cost, tokens, retries and loop steps of a trace, and of its dearest calls.",
    input: {
      trace_id: {
        type: "string",
        pattern: "^[0-9a-fA-F]{8,32}$",
        description: "32 hex digits, or the first 8 or more of them",
      },
    },
    required: ["trace_id"],
    ask: (given) => ({ command: "trace", texts: textsOf(given) }),
    tell: tellOfTrace,
  },
  {
    name: "list_queries",
    title: "Questions with an answer in SQL",
    description: "The named queries with their titles and parameters, for run_named_query.",
    input: {},
    isCatalogue: true,
    ask: () => ({ command: "query", texts: textsOf({ list: "true" }) }),
    tell: ({ rows }) => ({ sentence: `There are ${rows.length} named queries.`, rows }),
  },
  {
    name: "run_named_query",
    title: "Run a named query",
    description: `Runs one of the queries that list_queries lists. At most ${mostRows} rows are told.`,
    input: {
      name: { type: "string", enum: queryNames() },
      ...windowInput,
      params: {
        type: "object",
        maxProperties: 10,
        additionalProperties: { type: "string", maxLength: 200 },
        description: "Parameters of the query by name",
      },
    },
    required: ["name"],
    ask: (given) => ({ command: "query", texts: textsOf(given) }),
    tell: ({ rows }) => ({
      sentence: `The query gave ${counted(rows.length, "row", "rows")}${first(rows.length)}.`,
      rows,
      more: { rows_found: rows.length },
    }),
  },
  {
    name: "data_quality",
    title: "Whether the numbers can be believed",
    description:
      "What share of calls is priced and attributed, what was counted once though it was told twice, what is estimated or unknown; " +
      "with a row per reason why calls have no price.",
    input: windowInput,
    ask: (given) => ({
      command: "top",
      texts: textsOf({ ...given, by: "unpriced_reason", limit: String(mostRows) }),
    }),
    link: (given) => ({ command: "prices-unpriced", texts: textsOf(given) }),
    tell(envelope) {
      const { rows, trust } = envelope as TopEnvelope;
      const priced = trust["priced_share"] ?? null;
      const share = priced === null ? "" : `: ${percent(Number(priced))} have a price`;
      return {
        sentence: `${calls(trust["calls"])}${share}; ${numberText(Number(trust["deduplicated"] ?? 0))} duplicates were left out.`,
        rows: rows.filter((row) => row["unpriced_reason"] !== null),
        more: { trust },
      };
    },
  },
];

function firstBy(texts: Texts): Texts {
  return texts.with([["by", texts.all("by").slice(0, 1)]]);
}

function tellOfTop(envelope: Envelope) {
  const { rows, total, groups, trust, by } = envelope as TopEnvelope;
  const unpriced = Number(total["unpriced_calls"] ?? 0);
  const missing = unpriced === 0 ? "" : `; ${calls(unpriced)} of unknown cost are not in it`;
  return {
    sentence: `${calls(total["calls"])} cost ${money(total["cost_usd"])}${missing}.`,
    rows,
    more: { by, groups, total, trust },
  };
}

function tellOfExplain(envelope: Envelope) {
  const {
    cost_usd,
    baseline,
    baseline_cost_usd,
    delta_usd,
    quiet,
    quiet_sentence,
    bridge,
    findings,
    releases,
    trust,
    spend,
    summary,
    warnings,
  } = envelope as ExplainEnvelope;
  const more = { cost_usd, baseline, baseline_cost_usd, delta_usd, quiet, bridge, releases, trust };
  if (baseline === null) {
    const why = warnings[0] ?? summary;
    const sentence =
      cost_usd === null ? why : `The window cost ${money(cost_usd)}; there is no baseline: ${why}`;
    return { sentence, rows: findings, more: { ...more, spend } };
  }
  const found =
    quiet_sentence ?? `${counted(findings.length, "segment", "segments")} found that explain it.`;
  return {
    sentence: `The window cost ${money(cost_usd)}, ${moneyChange(delta_usd)} against its baseline of ${money(baseline_cost_usd)}: ${found}`,
    rows: findings,
    more,
  };
}

function tellOfTrace(envelope: Envelope) {
  const { rows, total, trust, trace_id } = envelope as TraceEnvelope;
  const dearest = rows
    .filter(({ role }) => role === "billable")
    .toSorted((a, b) => Number(b["cost_usd"] ?? 0) - Number(a["cost_usd"] ?? 0));
  return {
    sentence: `The trace has ${calls(total["calls"])} and cost ${money(total["cost_usd"])}${first(dearest.length)}.`,
    rows: dearest,
    more: { trace_id, total, trust, rows_found: dearest.length } satisfies Row,
  };
}

function first(found: number): string {
  return found > mostRows ? `; the first ${mostRows} are told` : "";
}

function calls(count: Cell | undefined): string {
  return counted(Number(count ?? 0), "model call", "model calls");
}

function counted(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}
