import type { TraceEnvelope } from "../commands/trace.ts";
import type { Cell, Row } from "../envelope/envelope.ts";
import { windowText } from "../flags/window.ts";
import { cellText, duration, money, nothing, numberText, rough } from "./cells.ts";
import { type Column, type Line, type Page, table } from "./table.ts";
import { harmless } from "./text-width.ts";
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
  const branches = treeLines(rows);
  const lines = rows.map((row, index) => lineOf(row, branches[index] ?? ""));
  return [
    `${page.style("bold", `Trace ${traceId}`)}   ${window === null ? "" : windowText(window, page.zone)}`,
    totalsText(total),
    "",
    ...(rows.length === 0 ? [] : [table(columns, lines, page), ""]),
    trustText(trust),
  ].join("\n");
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

function lineOf(row: Row, branch: string): Line {
  const isCall = row["record_kind"] === "model";
  const isRecord = isCall || row["record_kind"] === "tool";
  const hasCalls = Number(row["subtree_calls"] ?? 0) > (isRecord ? 1 : 0);
  const dash = (value: Cell | undefined) =>
    value === null || value === undefined ? "" : String(value);
  const repeats = row["role"] === "rollup";
  const texts = [
    branch + harmless(String(row["name"] ?? "")),
    isRecord ? money(row["cost_usd"]) : "",
    hasCalls ? subtree(row) : "",
    dash(row["loop_iteration"]),
    isCall ? (row["retry_count"] === null ? "?" : String(row["retry_count"])) : "",
    isCall ? rough(row["input_tokens"]) : "",
    isCall ? rough(row["cache_read_tokens"]) : "",
    isCall ? rough(row["output_tokens"]) : "",
    duration(Number(row["duration_ms"] ?? 0)),
    notes(row).join(" · "),
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

function notes(row: Row): string[] {
  const text = (name: string) => {
    const value = row[name] ?? null;
    return value === null ? undefined : cellText(name, value);
  };
  const counted = text("counted_as");
  const quality = text("usage_quality");
  return [
    text("model"),
    row["role"] === "tool" ? `tool ${text("tool") ?? ""}`.trim() : undefined,
    text("http_status") === undefined ? undefined : `HTTP ${text("http_status")}`,
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

/** What goes before each name, so that rows in the order of the tree look like one. */
function treeLines(rows: readonly Row[]): string[] {
  const depths = rows.map((row) => Number(row["depth"] ?? 0));
  /** Per depth: whether another span of it follows before the tree comes back up. */
  const follows: boolean[] = [];
  const branches: string[] = [];
  for (let index = depths.length - 1; index >= 0; index -= 1) {
    const depth = depths[index] ?? 0;
    const above = Array.from({ length: Math.max(0, depth - 1) }, (_, level) =>
      follows[level + 1] ? "│  " : "   ",
    ).join("");
    branches[index] = depth === 0 ? "" : above + (follows[depth] ? "├─ " : "└─ ");
    follows.length = depth;
    follows[depth] = true;
  }
  return branches;
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
