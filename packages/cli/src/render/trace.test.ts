import { expect, test } from "vitest";
import type { TraceEnvelope } from "../commands/trace.ts";
import type { Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { traceTable } from "./trace.ts";

const page = { width: Number.POSITIVE_INFINITY, style: (_: string, text: string) => text };

function span(depth: number, name: string, more: Row = {}): Row {
  const nothing = { cost_usd: null, counted_as: null, model: null, unpriced_reason: null };
  const unsaid = { http_status: null, usage_quality: null, usage_issue: null, error_type: null };
  return {
    depth,
    name,
    role: "other",
    status: "ok",
    duration_ms: 5,
    ...nothing,
    ...unsaid,
    ...more,
  };
}

function call(depth: number, name: string, more: Row): Row {
  return span(depth, name, { role: "billable", retry_count: 0, loop_iteration: 1, ...more });
}

function shown(rows: readonly Row[]): string[] {
  const envelope: TraceEnvelope = {
    schema: "spancost/trace@1",
    window: { since: "2026-11-19T14:10:00Z", until: "2026-11-19T14:10:05Z" },
    trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
    rows,
    total: { cost_usd: new ExactNumber("0.5"), calls: 2, unpriced_calls: 1, retries: 1, spans: 6 },
    trust: { calls: 2, unpriced_calls: 1, attributed_calls: 2, deduplicated: 1 },
    warnings: [],
  };
  return traceTable(envelope, page).split("\n");
}

const rows = [
  span(0, "POST /answers", { subtree_calls: 2, subtree_cost_usd: 0.5, subtree_unpriced_calls: 1 }),
  call(1, "chat a", { cost_usd: new ExactNumber("0.5"), model: "gpt-5-mini", retry_count: 1 }),
  span(2, "POST", { role: "http", http_status: 429, status: "error", error_type: "429" }),
  span(2, "POST", { role: "http", http_status: 200 }),
  call(1, "chat b", { unpriced_reason: "unknown_model", model: "acme-ft-7b", retry_count: null }),
  span(2, "chat b again", { role: "rollup", counted_as: "00f067aa0ba902b7" }),
];

test("the tree is drawn with its branches", () => {
  const tree = shown(rows).slice(4, 10);
  expect(tree.map((line) => line.slice(0, 20).trimEnd())).toEqual([
    "POST /answers",
    "├─ chat a",
    "│  ├─ POST",
    "│  └─ POST",
    "└─ chat b",
    "   └─ chat b again",
  ]);
});

test("each span says what it cost, and what makes it special", () => {
  const [root, a, refused, , b, again] = shown(rows).slice(4, 10);
  expect(root).toContain("$0.50 + unknown");
  expect(a).toMatch(/\$0\.50 .* 1 +1 .*gpt-5-mini$/);
  expect(refused).toMatch(/HTTP 429$/);
  expect(b).toMatch(/unknown .* 1 +\? .*acme-ft-7b · unpriced: unknown_model$/);
  expect(again).toMatch(/same call as 00f067aa0ba902b7, not counted again$/);
});

test("totals and trust are said in a line each", () => {
  const lines = shown(rows);
  expect(lines[1]).toMatch(/^\$0\.50 · 2 calls \(1 unpriced\) · 1 retry · /);
  expect(lines.at(-1)).toBe(
    "Trust: 1 of 2 calls priced · 2 of 2 attributed to a feature · 0 of 2 show their retries · 1 span told a call again and not counted.",
  );
});

test("a name cannot write on the terminal", () => {
  expect(shown([span(0, "a\u001b[31mb")])[4]).toMatch(/^a\ufffd\[31mb/);
});
