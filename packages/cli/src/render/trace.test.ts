import { expect, test } from "vitest";
import type { TraceEnvelope } from "../commands/trace.ts";
import type { Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { utc } from "../flags/time-zone.ts";
import { traceTable } from "./trace.ts";

const page = {
  width: Number.POSITIVE_INFINITY,
  zone: utc,
  style: (_: string, text: string) => text,
};

function span(depth: number, name: string, more: Row = {}): Row {
  const nothing = { cost_usd: null, counted_as: null, model: null, unpriced_reason: null };
  const unsaid = { http_status: null, usage_quality: null, usage_issue: null, error_type: null };
  return {
    depth,
    name,
    role: "other",
    record_kind: null,
    status: "ok",
    duration_ms: 5,
    ...nothing,
    ...unsaid,
    ...more,
  };
}

function call(depth: number, name: string, more: Row): Row {
  const record = { role: "billable", record_kind: "model", retry_count: 0, loop_iteration: 1 };
  return span(depth, name, { ...record, ...more });
}

function shown(rows: readonly Row[], total: Row = {}, width = page.width): string[] {
  const envelope: TraceEnvelope = {
    schema: "spancost/trace@1",
    window: { since: "2026-11-19T14:10:00Z", until: "2026-11-19T14:10:05Z" },
    trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
    rows,
    total: {
      cost_usd: new ExactNumber("0.5"),
      calls: 2,
      unpriced_calls: 1,
      retries: 1,
      spans: 6,
      ...total,
    },
    trust: {
      calls: 2,
      unpriced_calls: 1,
      priced_share: 0.5,
      attributed_share_by: { feature: 1 },
      deduplicated: 1,
    },
    warnings: [],
  };
  return traceTable(envelope, { ...page, width }).split("\n");
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

test("a narrow page keeps names whole, and notes below them what they do not say", () => {
  const model = "claude-sonnet-4-5-20250929";
  const agent = { role: "rollup", subtree_calls: 2, subtree_cost_usd: 0.5 };
  const answered = { role: "http", http_status: 200 };
  const spans = [
    span(0, "POST /v1/cases/{id}/resolve", { ...answered, subtree_calls: 2 }),
    span(1, "invoke_agent support-agent", agent),
    call(2, "chat claude-sonnet-4-5", { cost_usd: 0.2, model, subtree_calls: 1 }),
    span(3, "POST", answered),
    span(2, "execute_tool search_orders", { role: "tool", tool: "search_orders" }),
    span(2, "execute_tool search_knowledge_base", { role: "tool", tool: "search_knowledge_base" }),
    call(2, "chat", { cost_usd: 0.3, model, subtree_calls: 1 }),
    span(3, "POST", { ...answered, http_status: 429, status: "error", error_type: "429" }),
  ];
  const lines = shown(spans, {}, 80);
  expect(Math.max(...lines.slice(1, -1).map(({ length }) => length))).toBeLessThanOrEqual(80);
  const tree = lines.slice(lines.findIndex((line) => line.startsWith("SPAN")) + 1, -2);
  expect(tree.map((line) => line.split(/(?<=\S) {2,}/)[0])).toEqual([
    "POST /v1/cases/{id}/resolve",
    "└ invoke_agent support-agent",
    "  │ repeats its calls, not counted",
    "  ├ chat claude-sonnet-4-5",
    "  │ └ POST",
    "  ├ execute_tool search_orders",
    "  ├ execute_tool search_knowledge_base",
    "  └ chat",
    "    │ claude-sonnet-4-5-20250929",
    "    └ POST",
    "        HTTP 429",
  ]);
});

test("totals and trust are said in a line each", () => {
  const lines = shown(rows);
  expect(lines[1]).toMatch(/^\$0\.50 · 2 calls \(1 unpriced\) · 1 retry · /);
  expect(lines.at(-1)).toBe(
    "Trust: 50.0 % of 2 calls priced · 0 of 2 show their retries · 1 duplicate span dropped.",
  );
});

test("a use of a tool that has a price shows it, and no steps, retries or tokens", () => {
  const priced = {
    role: "tool",
    record_kind: "tool",
    tool: "web_search",
    cost_usd: new ExactNumber("0.01"),
  };
  const lines = shown(
    [
      span(0, "POST /answers", {
        subtree_calls: 3,
        subtree_cost_usd: 0.51,
        subtree_unpriced_calls: 1,
      }),
      span(1, "search", { ...priced, subtree_calls: 1, loop_iteration: null, retry_count: null }),
      span(1, "add", { role: "tool", tool: "calculator", subtree_calls: 0 }),
    ],
    { calls: 3, tool_calls: 1 },
  );
  expect(lines[1]).toMatch(
    /^\$0\.50 · 2 calls \(1 unpriced\) · 1 priced use of a tool · 1 retry · /,
  );
  expect(lines[5]).toMatch(/^├─ search +\$0\.01 +5 ms +tool web_search$/);
  expect(lines[6]).toMatch(/^└─ add +5 ms +tool calculator$/);
});

test("a name cannot write on the terminal", () => {
  expect(shown([span(0, "a\u001b[31mb")])[4]).toMatch(/^a\ufffd\[31mb/);
});
