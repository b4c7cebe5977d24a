import type { TraceEnvelope } from "../commands/trace.ts";
import type { Cell, Row } from "../envelope/envelope.ts";
import { windowText } from "../flags/window.ts";
import { cellText, duration, money, nothing, numberText, rough } from "./cells.ts";
import { type Column, fitsWhole, type Line, type Page, table } from "./table.ts";
import { harmless, wrapped } from "./text-width.ts";
import { trustLine } from "./trust.ts";

const columns: readonly Column[] = [
  { title: "SPAN", side: "left", flexible: true },
  { title: "COST", side: "right", style: "bold" },
  { title: "WITH ALL BELOW", side: "right" },
  { title: "STEP", side: "right" },
  { title: "RETRIES", side: "right" },
  { title: "TOKENS IN", side: "right", optional: 1 },
  { title: "CACHED", side: "right", optional: 3 },
  { title: "OUT", side: "right", optional: 2 },
  { title: "TIME", side: "right" },
  { title: "", side: "left", flexible: true },
];

/** The trace as a tree, its totals above, and how far they can be believed below. */
export function traceTable(envelope: TraceEnvelope, page: Page): string {
  const { trace_id: traceId, window, rows, total, trust } = envelope;
  return [
    `${page.style("bold", `Trace ${traceId}`)}   ${window === null ? "" : windowText(window, page.zone)}`,
    ...wrapped(totalsText(total), page.width),
    "",
    ...(rows.length === 0 ? [] : [treeTable(rows, page), ""]),
    trustText(trust),
  ].join("\n");
}

/**
 * A line per span. Where the page is too narrow for whole names, what is noted of a span goes below it as far as its
 * name does not say it, and the tree is drawn closer: that leaves the names most of the room.
 */
function treeTable(rows: readonly Row[], page: Page): string {
  const wide = treeLines(rows, wideBranches).map(({ lead }, index) => {
    const { texts, ...line } = lineOf(rows[index] ?? {});
    return { ...line, lead, texts: [...texts, notes(rows[index] ?? {}).join(" · ")] };
  });
  if (fitsWhole(columns, wide, page)) return table(columns, wide, page);
  const narrow = treeLines(rows, narrowBranches).map(({ lead, below }, index) => {
    const text = notes(rows[index] ?? {}, "brief").join(" · ");
    const line = { ...lineOf(rows[index] ?? {}), lead };
    return text === "" ? line : { ...line, below: { lead: below, text } };
  });
  return table(columns.slice(0, -1), narrow, page);
}

function totalsText(total: Row): string {
  const { cost_usd: cost, calls, unpriced_calls: unpriced, retries, spans } = total;
  const tools = Number(total["tool_calls"] ?? 0);
  const parts = [
    `${cost === null && calls === 0 ? "no model call" : money(cost)}`,
    `${count(Number(calls) - tools, "call")}${unpriced === 0 ? "" : ` (${unpriced} unpriced)`}`,
    tools === 0 ? undefined : count(tools, "priced use of a tool", "priced uses of tools"),
    retries === null ? "retries unknown" : count(retries, "retry", "retries"),
    `longest loop ${total["max_loop_iteration"] ?? 0}`,
    count(spans, "span"),
    duration(Number(total["duration_ms"] ?? 0)),
    `${rough(total["input_tokens"])} tokens in (${rough(total["cache_read_tokens"])} cached), ${rough(total["output_tokens"])} out`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** A span without its notes. */
function lineOf(row: Row): Line {
  const isCall = row["record_kind"] === "model";
  const isRecord = isCall || row["record_kind"] === "tool";
  const hasCalls = Number(row["subtree_calls"] ?? 0) > (isRecord ? 1 : 0);
  const dash = (value: Cell | undefined) =>
    value === null || value === undefined ? "" : String(value);
  const repeats = row["role"] === "rollup";
  const texts = [
    harmless(String(row["name"] ?? "")),
    isRecord ? money(row["cost_usd"]) : "",
    hasCalls ? subtree(row) : "",
    dash(row["loop_iteration"]),
    isCall ? (row["retry_count"] === null ? "?" : String(row["retry_count"])) : "",
    isCall ? rough(row["input_tokens"]) : "",
    isCall ? rough(row["cache_read_tokens"]) : "",
    isCall ? rough(row["output_tokens"]) : "",
    duration(Number(row["duration_ms"] ?? 0)),
  ];
  if (isCall && row["cost_usd"] === null) return { texts, style: "yellow" };
  if (row["status"] === "error") return { texts, style: "red" };
  return repeats || row["role"] === "http" ? { texts, style: "dim" } : { texts };
}

function subtree(row: Row): string {
  const unpriced = Number(row["subtree_unpriced_calls"] ?? 0);
  const cost = money(row["subtree_cost_usd"]);
  return unpriced > 0 && row["subtree_cost_usd"] !== null ? `${cost} + unknown` : cost;
}

/** What providers add to the name of a model that was asked for: "-20250929", "-2025-08-07". */
const modelDate = /-\d{4}-?\d{2}-?\d{2}$/;

/** What is noted of a span; `brief`: as far as its name does not say it, and it is no answer that went well. */
function notes(row: Row, length: "all" | "brief" = "all"): string[] {
  const name = String(row["name"] ?? "");
  const isSaid = (note: string | undefined) =>
    note !== undefined && length === "brief" && name.includes(note);
  const text = (name: string) => {
    const value = row[name] ?? null;
    return value === null ? undefined : cellText(name, value);
  };
  const counted = text("counted_as");
  const quality = text("usage_quality");
  const [model, tool, status] = [text("model"), text("tool"), text("http_status")];
  const isFine = length === "brief" && Number(row["http_status"]) < 400;
  return [
    isSaid(model?.replace(modelDate, "")) ? undefined : model,
    row["role"] !== "tool" || isSaid(tool) ? undefined : `tool ${tool ?? ""}`.trim(),
    status === undefined || isFine ? undefined : `HTTP ${status}`,
    counted === undefined ? undefined : `same call as ${counted}, not counted again`,
    row["role"] === "rollup" && counted === undefined
      ? "repeats its calls, not counted"
      : undefined,
    row["record_kind"] === "model" && row["cost_usd"] === null
      ? `unpriced: ${text("unpriced_reason") ?? "no reason"}`
      : undefined,
    quality === "estimated" || quality === "partial" ? `${quality} usage` : undefined,
    text("usage_issue"),
    row["status"] === "error" && text("error_type") !== text("http_status")
      ? `error ${text("error_type") ?? ""}`.trim()
      : undefined,
  ].filter((note) => note !== undefined);
}

/** How a tree is drawn: of a branch that goes on, of none, of a span that others follow, and of the last. */
interface Branches {
  readonly on: string;
  readonly none: string;
  readonly next: string;
  readonly last: string;
}

const wideBranches: Branches = { on: "│  ", none: "   ", next: "├─ ", last: "└─ " };
const narrowBranches: Branches = { on: "│ ", none: "  ", next: "├ ", last: "└ " };

/** What goes before each name, and before what stands below it, so that rows in the order of the tree look like one. */
function treeLines(
  rows: readonly Row[],
  { on, none, next, last }: Branches,
): { readonly lead: string; readonly below: string }[] {
  const depths = rows.map((row) => Number(row["depth"] ?? 0));
  /** Per depth: whether another span of it follows before the tree comes back up. */
  const follows: boolean[] = [];
  const lines: { lead: string; below: string }[] = [];
  for (let index = depths.length - 1; index >= 0; index -= 1) {
    const depth = depths[index] ?? 0;
    const above = Array.from({ length: Math.max(0, depth - 1) }, (_, level) =>
      follows[level + 1] ? on : none,
    ).join("");
    const isFollowed = follows[depth] === true;
    const own = depth === 0 ? "" : above + (isFollowed ? next : last);
    const beside = depth === 0 ? "" : above + (isFollowed ? on : none);
    lines[index] = { lead: own, below: beside + (follows[depth + 1] ? on : none) };
    follows.length = depth;
    follows[depth] = true;
  }
  return lines;
}

function trustText(trust: Row): string {
  const calls = Number(trust["calls"] ?? 0);
  if (calls === 0) return "Trust: no span of this trace is a call to a model.";
  const known = Number(trust["calls_with_retries_known"] ?? 0);
  const retries = `${numberText(known)} of ${numberText(calls)} show their retries`;
  return trustLine(trust, known === calls ? [] : [retries]);
}

function count(value: Cell | undefined, one: string, many = `${one}s`): string {
  if (typeof value !== "number") return `${nothing} ${many}`;
  return `${numberText(value)} ${value === 1 ? one : many}`;
}
