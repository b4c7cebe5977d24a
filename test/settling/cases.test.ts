import { type SpanFacts, spanIdFromHex, traceIdFromHex, type UnixMicros } from "@spancost/records";
import { tokenCount } from "@spancost/semconv";
import { Store } from "@spancost/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyFacts } from "./empty-facts.ts";

const nothing = { ...emptyFacts, emitter: "scope-a", emitterVersion: "1.0.0" } as const;

/** Notation: `span("3<1", [20, 30], {...})` is span 3 below span 1, from 20 to 30 ms. */
function span(
  place: string,
  [from, to]: readonly [number, number],
  facts: Partial<SpanFacts>,
): SpanFacts {
  const [own, parent] = place.split("<");
  const base = Date.UTC(2026, 10, 1) * 1000;
  return {
    ...nothing,
    name: facts.node ?? "",
    node: "other",
    traceId: traceIdFromHex("a".repeat(32)) ?? fail(),
    spanId: id(own),
    parentSpanId: parent === undefined ? undefined : id(parent),
    startedAt: (base + from * 1000) as UnixMicros,
    endedAt: (base + to * 1000) as UnixMicros,
    ...facts,
  };
}

function id(short = "") {
  return spanIdFromHex(short.padStart(16, "0")) ?? fail();
}

function fail(): never {
  throw new Error("not an id");
}

/** A model call that used `input` tokens in and 10 out. */
function call(input: number, more: Partial<SpanFacts> = {}): Partial<SpanFacts> {
  return {
    node: "call",
    requestModel: "m",
    usageQuality: "measured",
    inputTokens: tokenCount(input),
    outputTokens: tokenCount(10),
    ...more,
  };
}

const failedCall: Partial<SpanFacts> = {
  node: "call",
  requestModel: "m",
  failed: true,
  usageQuality: "missing",
};

function request(status: number): Partial<SpanFacts> {
  return { node: "http", modelRequest: true, httpStatus: status, emitter: "undici" };
}

async function settled(batches: readonly (readonly SpanFacts[])[], settleBetween = false) {
  const store = await Store.open(":memory:");
  try {
    for (const batch of batches) {
      await store.append(batch);
      if (settleBetween) await store.settle();
    }
    const calls = await store.readRows(
      "select * exclude (started_at) from cost_records order by cost_records.started_at, span_id",
    );
    const spans = await store.readRows(
      "select ltrim(span_id, '0') as span, role, ltrim(counted_as, '0') as counted_as from spans order by span_id",
    );
    return {
      calls: calls.rows.map((row) => ({ ...row, span: String(row["span_id"]).replace(/^0+/, "") })),
      roles: Object.fromEntries(spans.rows.map((row) => [String(row["span"]), row["role"]])),
      countedAs: Object.fromEntries(
        spans.rows.map((row) => [String(row["span"]), row["counted_as"]]),
      ),
    };
  } finally {
    await store.close();
  }
}

async function callsOf(...spans: readonly SpanFacts[]) {
  return (await settled([spans])).calls as readonly Record<string, unknown>[];
}

function column(rows: readonly Record<string, unknown>[], name: string) {
  return rows.map((row) => row[name]);
}

test("calls of an agent run are its steps 1 to 40, whoever their parents are", async () => {
  const steps = Array.from({ length: 40 }, (_, index) =>
    span(`${(100 + index).toString(16)}<1`, [index * 10, index * 10 + 5], call(100)),
  );
  const rows = await callsOf(span("1", [0, 1000], { node: "agent", agent: "planner" }), ...steps);
  expect(column(rows, "loop_iteration")).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  expect(new Set(column(rows, "agent"))).toEqual(new Set(["planner"]));
});

test("a billed attempt that a later one repeats is no step of its own", async () => {
  const rows = await callsOf(
    span("1", [0, 100], { node: "agent", agent: "planner" }),
    span("2<1", [1, 10], call(100, { failed: true })),
    span("3<1", [11, 20], call(100)),
    span("4<1", [21, 30], call(200)),
    // The last to fail is repeated by none.
    span("5<1", [31, 40], call(300, { failed: true })),
  );
  expect(column(rows, "superseded")).toEqual([true, false, false, false]);
  expect(column(rows, "loop_iteration")).toEqual([1, 2, 3, 4]);
  expect(column(rows, "loop_step")).toEqual([1, 1, 2, 3]);
});

test("of attempts that state their number each repeats the one before", async () => {
  const attempt = (retry: number) => call(100, { statedRetryCount: retry });
  const rows = await callsOf(
    span("1", [0, 100], { node: "agent", agent: "planner" }),
    span("2<1", [1, 10], attempt(0)),
    span("3<1", [11, 20], attempt(1)),
    span("4<1", [21, 30], attempt(2)),
    span("5<1", [31, 40], attempt(0)),
  );
  expect(column(rows, "superseded")).toEqual([true, true, false, false]);
  expect(column(rows, "loop_step")).toEqual([1, 1, 1, 2]);
});

test("an agent called by a tool of an agent is one deeper and counts its own steps", async () => {
  const rows = await callsOf(
    span("1", [0, 100], { node: "agent", agent: "boss" }),
    span("2<1", [1, 10], call(1)),
    span("3<1", [11, 60], { node: "tool", tool: "ask_helper" }),
    span("4<3", [12, 59], { node: "agent", agent: "helper" }),
    span("5<4", [13, 20], call(2)),
    span("6<4", [21, 30], call(3)),
    span("7<1", [61, 70], call(4)),
  );
  expect(
    rows.map((row) => [row["span"], row["agent_depth"], row["loop_iteration"], row["agent"]]),
  ).toEqual([
    ["2", 1, 1, "boss"],
    ["5", 2, 1, "helper"],
    ["6", 2, 2, "helper"],
    ["7", 1, 2, "boss"],
  ]);
  expect(column(rows, "tool")).toEqual([null, null, null, "ask_helper"]);
});

test("one agent run told by two scopes is one level deep", async () => {
  const rows = await callsOf(
    span("1", [0, 100], { node: "agent", agent: "boss", emitter: "framework" }),
    span("2<1", [1, 99], { node: "agent", agent: "boss", emitter: "sdk" }),
    span("3<2", [2, 10], call(1)),
  );
  expect(column(rows, "agent_depth")).toEqual([1]);
});

test.each([
  ["on the call", { feature: "own" }, {}, {}, "own"],
  ["above the call", {}, { feature: "near" }, { feature: "far" }, "near"],
  ["at the root", {}, {}, { feature: "far" }, "far"],
  ["only by default", { defaultFeature: "resource" }, {}, {}, "resource"],
  ["above before default", { defaultFeature: "resource" }, {}, { feature: "far" }, "far"],
  ["nowhere", {}, {}, {}, null],
])("a feature that stands %s", async (_, own, above, root, feature) => {
  const rows = await callsOf(
    span("1", [0, 9], root),
    span("2<1", [1, 8], above),
    span("3<2", [2, 7], call(1, own)),
  );
  expect(column(rows, "feature")).toEqual([feature]);
});

test("tags of all ancestors are merged, the nearest value wins", async () => {
  const rows = await callsOf(
    span("1", [0, 9], {
      tags: new Map([
        ["plan", "free"],
        ["region", "eu"],
      ]),
    }),
    span("2<1", [1, 8], call(1, { tags: new Map([["plan", "pro"]]) })),
  );
  expect(column(rows, "tags")).toEqual([{ plan: "pro", region: "eu" }]);
});

test("a span that repeats the usage of its calls is never billed", async () => {
  const { calls, roles } = await settled([
    [
      span("1", [0, 50], {
        node: "agent",
        usageQuality: "measured",
        inputTokens: tokenCount(300),
        outputTokens: tokenCount(20),
      }),
      span("2<1", [1, 10], call(100)),
      span("3<1", [11, 20], call(200)),
    ],
  ]);
  expect(column(calls, "input_tokens")).toEqual([100, 200]);
  expect(roles).toEqual({ 1: "rollup", 2: "billable", 3: "billable" });
});

test("of nested sums without any call below, the topmost is billed and flagged", async () => {
  const sum = {
    usageQuality: "measured",
    inputTokens: tokenCount(300),
    outputTokens: tokenCount(20),
  } as const;
  const { calls, roles } = await settled([
    [span("1", [0, 50], { node: "agent", ...sum }), span("2<1", [1, 49], { node: "run", ...sum })],
  ]);
  expect(calls.map((row) => [row.span, (row as Record<string, unknown>)["usage_issue"]])).toEqual([
    ["1", "aggregate_only"],
  ]);
  expect(roles).toEqual({ 1: "billable", 2: "rollup" });
});

test("a sum stands in where the only call below it failed and used nothing", async () => {
  const agent = { ...call(300), node: "agent" } as const;
  const [record, ...more] = await callsOf(
    span("1", [0, 50], agent),
    span("2<1", [1, 9], failedCall),
  );
  expect([record?.["span"], record?.["input_tokens"], record?.["usage_issue"], more]).toEqual([
    "1",
    300,
    "aggregate_only",
    [],
  ]);
  const answered = span("3<1", [10, 20], call(300));
  const both = await callsOf(span("1", [0, 50], agent), span("2<1", [1, 9], failedCall), answered);
  expect(both.map((row) => [row["span"], row["retry_count"]])).toEqual([["3", 1]]);
});

test.each([
  ["of the same scope", "scope-a"],
  ["of the provider's client", "scope-b"],
])(
  "a call around a loop of tools that tells the sum of the calls in it, %s, is not billed",
  async (_name, emitter) => {
    const sum = call(700, { outputTokens: tokenCount(20), responseId: "r2" });
    const rows = await callsOf(
      span("1", [0, 50], sum),
      span("2<1", [0, 49], { ...sum, node: "other", responseId: undefined }),
      span("3<2", [1, 9], call(300, { emitter, responseId: "r1" })),
      span("4<2", [20, 40], call(400, { emitter, responseId: "r2" })),
    );
    expect(column(rows, "span")).toEqual(["3", "4"]);
    expect(column(rows, "input_tokens")).toEqual([300, 400]);
  },
);

test("one call told by two scopes, one inside the other, is the richer of them", async () => {
  const { calls, roles, countedAs } = await settled([
    [
      span("1", [0, 50], call(300)),
      span("2<1", [1, 49], call(300, { emitter: "scope-b", cacheReadTokens: tokenCount(200) })),
    ],
  ]);
  expect(calls.map((row) => [row.span, (row as Record<string, unknown>)["told_by"]])).toEqual([
    ["2", 2],
  ]);
  expect(roles).toEqual({ 1: "rollup", 2: "billable" });
  expect(countedAs).toEqual({ 1: "2", 2: null });
});

test("one call told by two scopes side by side is one, by answer id or by time and counts", async () => {
  const sameId = await callsOf(
    span("1", [0, 50], call(300, { responseId: "r1" })),
    span("2", [60, 90], call(310, { responseId: "r1", emitter: "scope-b" })),
  );
  expect(sameId).toHaveLength(1);
  const sameTime = await callsOf(
    span("1", [0, 50], call(300)),
    span("2", [1, 49], call(300, { emitter: "scope-b" })),
  );
  expect(sameTime).toHaveLength(1);
});

test("twins of one scope stay two, also when another scope tells of both", async () => {
  const twins = await callsOf(
    span("1", [0, 50], call(300)),
    span("2", [0, 50], call(300)),
    span("3", [1, 49], call(300, { emitter: "scope-b" })),
    span("4", [1, 49], call(300, { emitter: "scope-b" })),
  );
  expect(twins).toHaveLength(2);
  expect(column(twins, "told_by")).toEqual([2, 2]);
});

test("of many twins that two scopes tell of, each is told by two, whichever is nearest", async () => {
  const twins = await callsOf(
    span("1", [0, 60], call(300)),
    span("2", [5, 60], call(300)),
    span("3", [7, 60], call(300, { emitter: "scope-b" })),
    span("4", [14, 60], call(300, { emitter: "scope-b" })),
  );
  expect(column(twins, "told_by")).toEqual([2, 2]);
});

test("a third scope in another branch tells of the call that two nested scopes tell of", async () => {
  const rows = await callsOf(
    span("1", [0, 50], call(300)),
    span("2<1", [1, 49], call(300, { emitter: "scope-b" })),
    span("3", [1, 50], call(300, { emitter: "scope-c" })),
  );
  expect(column(rows, "told_by")).toEqual([3]);
});

test("calls behind a gateway that both scopes tell of are calls of their own", async () => {
  const rows = await callsOf(
    span("1", [0, 50], call(300)),
    span("2<1", [1, 49], call(300, { emitter: "scope-b", cacheReadTokens: tokenCount(1) })),
    span("3<2", [10, 40], call(77, { serviceTier: "flex" })),
    span("4<3", [11, 39], call(77, { emitter: "scope-b" })),
  );
  expect(rows.map((row) => [row["input_tokens"], row["told_by"]])).toEqual([
    [300, 2],
    [77, 2],
  ]);
});

test("a call that both scopes tell of at both ends of a gateway is one", async () => {
  const rows = await callsOf(
    span("1", [0, 50], call(300)),
    span("2<1", [1, 49], call(300, { emitter: "scope-b" })),
    span("3<2", [10, 40], call(300)),
    span("4<3", [11, 39], call(300, { emitter: "scope-b" })),
  );
  expect(column(rows, "told_by")).toEqual([2]);
});

test("a call around nothing but a wrapper is a wrapper too", async () => {
  const { roles } = await settled([
    [
      span("1", [0, 60], call(300)),
      span("2<1", [1, 50], call(300, { emitter: "scope-b" })),
      span("3<2", [2, 20], call(100, { emitter: "scope-c" })),
      span("4<2", [21, 49], call(200, { emitter: "scope-c" })),
    ],
  ]);
  expect(roles).toEqual({ 1: "rollup", 2: "rollup", 3: "billable", 4: "billable" });
});

test("calls of two other scopes, one after the other inside a call, are two", async () => {
  const { roles } = await settled([
    [
      span("1", [0, 60], call(300)),
      span("2<1", [2, 20], call(100, { emitter: "scope-b" })),
      span("3<1", [30, 49], call(200, { emitter: "scope-c" })),
    ],
  ]);
  expect(roles).toEqual({ 1: "rollup", 2: "billable", 3: "billable" });
});

test("calls of two other scopes, one after the other, tell of the call around them by its counts", async () => {
  const rows = await callsOf(
    span("1", [0, 50], call(100)),
    span("2<1", [1, 30], call(100, { emitter: "scope-b" })),
    span("3<1", [40, 40], call(100, { emitter: "scope-c" })),
  );
  expect(column(rows, "input_tokens").map(Number)).toEqual([100]);
});

test("a note after a call tells of it, and of none with other counts or long before", async () => {
  const note = call(100, { emitter: "scope-b" });
  const told = await callsOf(
    span("1", [0, 5000], { node: "run" }),
    span("2<1", [0, 10], call(100)),
    span("3<1", [2000, 2020], call(200)),
    span("4<1", [3000, 3010], call(100)),
    span("5<1", [3030, 3030], note),
  );
  expect(column(told, "input_tokens").map(Number)).toEqual([100, 200, 100]);
  const apart = [span("1", [0, 5000], { node: "run" }), span("2<1", [0, 10], call(100))];
  expect(await callsOf(...apart, span("3<1", [1200, 1200], note))).toHaveLength(2);
  expect(await callsOf(...apart, span("3<1", [20, 40], note))).toHaveLength(2);
});

test("a call whose attempts another scope tells of without counts keeps its own", async () => {
  const rows = await callsOf(
    span("1", [0, 60], call(300)),
    span("2<1", [2, 20], { ...failedCall, emitter: "scope-b" }),
    span("3<1", [30, 49], { ...failedCall, failed: false, emitter: "scope-b" }),
  );
  expect(rows.map((row) => [row["input_tokens"], row["retry_count"], row["told_by"]])).toEqual([
    [300, 1, 2],
  ]);
});

test("an answer from a cache is no failed attempt of the call after it", async () => {
  const rows = await callsOf(
    span("9", [0, 99], {}),
    span("1<9", [0, 5], call(1, { servedFromCache: true })),
    span("2<9", [6, 10], call(2)),
  );
  expect(column(rows, "retry_count")).toEqual([null]);
});

test("a call that ran beside one that failed is not its second attempt", async () => {
  const rows = await callsOf(
    span("9", [0, 99], {}),
    span("1<9", [0, 20], failedCall),
    span("2<9", [1, 10], call(1)),
    span("3<9", [21, 30], call(2)),
  );
  expect(column(rows, "retry_count")).toEqual([null, 1]);
});

test("a request that a tool sends is no attempt of the call around the tool", async () => {
  const rows = await callsOf(
    span("1", [0, 99], call(1)),
    span("2<1", [1, 10], request(200)),
    span("3<1", [20, 80], { node: "tool", tool: "t" }),
    span("4<3", [21, 79], request(200)),
  );
  expect(column(rows, "retry_count")).toEqual([0]);
});

test("a request beside a call, inside a wrapper of it, is an attempt", async () => {
  const rows = await callsOf(
    span("1", [0, 99], call(1)),
    span("2<1", [10, 90], call(1)),
    span("3<1", [11, 20], request(429)),
    span("4<1", [30, 80], request(200)),
  );
  expect(column(rows, "retry_count")).toEqual([1]);
});

test("an agent told by two scopes that calls itself through a tool is two deep", async () => {
  const rows = await callsOf(
    span("1", [0, 100], { node: "agent", agent: "boss", emitter: "framework" }),
    span("2<1", [1, 99], { node: "agent", agent: "boss", emitter: "sdk" }),
    span("3<1", [2, 10], call(1)),
    span("4<2", [11, 20], call(2)),
    span("5<2", [21, 90], { node: "tool", tool: "again" }),
    span("6<5", [22, 89], { node: "agent", agent: "boss", emitter: "framework" }),
    span("7<6", [23, 88], { node: "agent", agent: "boss", emitter: "sdk" }),
    span("8<7", [24, 30], call(3)),
  );
  expect(rows.map((row) => [row["agent_depth"], row["loop_iteration"]])).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
});

test("of sums in a circle one is billed", async () => {
  const sum = { node: "agent", usageQuality: "measured", inputTokens: tokenCount(5) } as const;
  const rows = await callsOf(span("1<2", [0, 9], sum), span("2<1", [1, 8], sum));
  expect(column(rows, "span")).toEqual(["1"]);
});

test("a call around calls of its own scope, or around two of another, is their wrapper", async () => {
  const own = await settled([[span("1", [0, 50], call(300)), span("2<1", [1, 49], call(300))]]);
  expect(own.roles).toEqual({ 1: "rollup", 2: "billable" });
  const two = await settled([
    [
      span("1", [0, 50], call(300)),
      span("2<1", [1, 20], call(100, { emitter: "scope-b" })),
      span("3<1", [21, 49], call(200, { emitter: "scope-b" })),
    ],
  ]);
  expect(two.roles).toEqual({ 1: "rollup", 2: "billable", 3: "billable" });
});

test("a call that makes another of its scope while it runs is billed beside it", async () => {
  const rows = await callsOf(span("1", [0, 50], call(300)), span("2<1", [1, 49], call(77)));
  expect(column(rows, "input_tokens")).toEqual([300, 77]);
});

test.each([
  ["their sum", call(300, { outputTokens: tokenCount(20) })],
  ["the last one's counts", call(200)],
  [
    "nothing",
    { ...call(0), inputTokens: undefined, outputTokens: undefined, usageQuality: "missing" },
  ],
] as const)(
  "a call around calls of its scope that repeats %s is their wrapper",
  async (_, outer) => {
    const rows = await callsOf(
      span("1", [0, 50], outer),
      span("2<1", [1, 20], call(100)),
      span("3<1", [21, 49], call(200)),
    );
    expect(column(rows, "input_tokens")).toEqual([100, 200]);
  },
);

test("an answer from a gateway's cache is not billed", async () => {
  const { calls, roles } = await settled([
    [
      span("1", [0, 50], call(300, { responseId: "r1" })),
      span(
        "2<1",
        [1, 49],
        call(300, { responseId: "r1", emitter: "gateway", servedFromCache: true }),
      ),
    ],
  ]);
  expect(calls).toEqual([]);
  expect(Object.values(roles)).not.toContain("billable");
});

test.each([
  ["stated by the call", [span("1", [0, 50], call(1, { statedRetryCount: 2 }))], 2, "explicit"],
  [
    "by HTTP requests below it",
    [
      span("1", [0, 50], call(1)),
      span("2<1", [1, 5], request(429)),
      span("3<1", [10, 15], request(500)),
      span("4<1", [20, 45], request(200)),
    ],
    2,
    "http",
  ],
  [
    "by requests that two instrumentations tell of",
    [
      span("1", [0, 50], call(1)),
      span("2<1", [1, 5], request(429)),
      span("3<1", [1, 5], { ...request(429), emitter: "undici 2" }),
      span("4<1", [20, 45], request(200)),
      span("5<1", [20, 45], { ...request(200), emitter: "undici 2" }),
    ],
    1,
    "http",
  ],
  [
    "by requests beside it",
    [
      span("9", [0, 99], {}),
      span("1<9", [10, 50], call(1)),
      span("2<9", [11, 15], request(429)),
      span("3<9", [20, 45], request(200)),
    ],
    1,
    "http",
  ],
  [
    "by failed siblings before it",
    [
      span("9", [0, 99], {}),
      span("1<9", [0, 5], failedCall),
      span("2<9", [6, 10], failedCall),
      span("3<9", [11, 20], call(1)),
    ],
    2,
    "sibling",
  ],
  ["seen nowhere", [span("1", [0, 50], call(1))], null, null],
])("attempts before a call %s", async (_, spans, count, evidence) => {
  const rows = await callsOf(...spans);
  expect(rows.map((row) => [row["retry_count"], row["retry_evidence"]])).toEqual([
    [count, evidence],
  ]);
});

test("a failed attempt takes no step and no record", async () => {
  const { calls, roles } = await settled([
    [
      span("9", [0, 99], { node: "run" }),
      span("1<9", [0, 5], call(1)),
      span("2<9", [6, 10], failedCall),
      span("3<9", [11, 20], call(2)),
    ],
  ]);
  expect(column(calls, "loop_iteration")).toEqual([1, 2]);
  expect(roles["2"]).toBe("other");
});

test.each([
  ["not failed, no usage: unknown", [span("1", [0, 9], { ...failedCall, failed: false })], 1],
  ["failed, no usage: not billed", [span("1", [0, 9], failedCall)], 0],
  [
    "failed although answered: unknown",
    [span("1", [0, 9], failedCall), span("2<1", [1, 5], request(200))],
    1,
  ],
  [
    "never answered: not billed",
    [span("1", [0, 9], { ...failedCall, failed: false }), span("2<1", [1, 5], request(429))],
    0,
  ],
  ["failed with usage: billed", [span("1", [0, 9], call(5, { failed: true }))], 1],
])("a call that %s", async (_, spans, records) => {
  expect(await callsOf(...spans)).toHaveLength(records);
});

test("spans that are their own ancestors are kept and inherit nothing", async () => {
  const { calls, roles } = await settled([
    [span("1<2", [0, 9], { feature: "x" }), span("2<1", [1, 8], call(1))],
  ]);
  expect(column(calls, "feature")).toEqual([null]);
  expect(roles).toEqual({ 1: "other", 2: "billable" });
});

test("of two deliveries of a span the one that ended later counts, whichever came first", async () => {
  const early = span("1", [0, 10], call(5));
  const late = span("1", [0, 20], call(50));
  for (const batches of [[[early], [late]], [[late], [early]], [[early, late, early]]]) {
    const { calls } = await settled(batches, true);
    expect(column(calls, "input_tokens")).toEqual([50]);
  }
});

/** LlamaIndex's span of a stream: over before the request is made. */
const handedOver = {
  name: "OpenAI.astream_chat",
  dialect: "openinference-llama-index",
  emitter: "scope-l",
};

test("a stream that is handed over is one call with the request that comes after it", async () => {
  const rows = await callsOf(
    span("1", [0, 100], {}),
    span("2<1", [1, 2], call(100, handedOver)),
    span("3<1", [5, 40], call(100, { responseId: "a" })),
    span("4<1", [41, 42], call(100, handedOver)),
    span("5<1", [45, 80], call(100, { responseId: "b" })),
  );
  expect(column(rows, "span")).toEqual(["3", "5"]);
  expect(column(rows, "told_by")).toEqual([2, 2]);
});

test("streams side by side whose usage nobody tells are told apart by their order", async () => {
  const unknown: Partial<SpanFacts> = { node: "call", requestModel: "m", usageQuality: "missing" };
  const rows = await callsOf(
    span("1", [0, 100], {}),
    span("2<1", [1, 2], { ...unknown, ...handedOver }),
    span("3<1", [2, 3], { ...unknown, ...handedOver }),
    span("4<1", [5, 40], unknown),
    span("5<1", [6, 50], unknown),
  );
  expect(rows).toHaveLength(2);
});

test("a call before a stream, or with other counts, is not the stream's", async () => {
  const rows = await callsOf(
    span("1", [0, 100], {}),
    span("2<1", [1, 20], call(100)),
    span("3<1", [30, 31], call(100, handedOver)),
    span("4<1", [35, 60], call(70)),
  );
  expect(column(rows, "input_tokens")).toEqual([100, 100, 70]);
});

/** A trace with everything in it: agents, tools, retries, duplicates, sums. */
const story: readonly SpanFacts[] = [
  span("1", [0, 500], { feature: "search", userId: "u1", tags: new Map([["plan", "pro"]]) }),
  span("2<1", [1, 400], {
    node: "agent",
    agent: "boss",
    usageQuality: "measured",
    inputTokens: tokenCount(900),
    outputTokens: tokenCount(50),
  }),
  span("3<2", [2, 50], call(100, { responseId: "a" })),
  span(
    "4<3",
    [3, 49],
    call(100, { responseId: "a", emitter: "scope-b", cacheReadTokens: tokenCount(50) }),
  ),
  span("5<4", [4, 10], request(429)),
  span("6<4", [20, 45], request(200)),
  span("7<2", [51, 200], { node: "tool", tool: "helper" }),
  span("8<7", [52, 199], { node: "agent", agent: "sub" }),
  span("9<8", [53, 60], failedCall),
  span("a<8", [61, 90], call(300)),
  span("b<8", [91, 120], call(400)),
  span("c<2", [201, 300], call(500)),
  span("d<1", [401, 450], call(7, { requestModel: "e" })),
  span("e<1", [402, 449], call(7, { requestModel: "e", emitter: "scope-b" })),
];

test("order, batching, repetition and settling in between change nothing", async () => {
  const expected = await settled([story]);
  const deliveries = fc.record({
    order: fc.shuffledSubarray([...story.keys()], { minLength: story.length }),
    cuts: fc.array(fc.nat({ max: story.length * 2 }), { maxLength: 6 }),
    between: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ order, cuts, between }) => {
      const sent = [...order, ...order.toReversed()].flatMap((index) => story[index] ?? []);
      const bounds = [0, ...cuts.toSorted((a, b) => a - b), sent.length];
      const batches = bounds.slice(1).map((end, index) => sent.slice(bounds[index], end));
      expect(await settled(batches, between)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test("a question is answered while spans keep coming", async () => {
  const store = await Store.open(":memory:");
  try {
    let answered = false;
    const send = async () => {
      for (let sent = 1; sent <= 1_000; sent += 1) {
        if (answered) return "stopped";
        const traceId = traceIdFromHex(sent.toString(16).padStart(32, "0")) ?? fail();
        await store.append([span("1", [sent, sent + 1], call(100, { traceId }))]);
      }
      return "ran out of spans";
    };
    const sending = send();
    await store.append([span("1", [0, 1], call(100))]);
    const { rows } = await store.readRows(
      `select count(*) as calls from cost_records where trace_id = '${"a".repeat(32)}'`,
    );
    answered = true;
    expect(rows).toEqual([{ calls: 1 }]);
    expect(await sending).toBe("stopped");
    const all = await store.readRows(
      "select count(*) = (select count(*) from span_facts) as settled from calls",
    );
    expect(all.rows).toEqual([{ settled: true }]);
  } finally {
    await store.close();
  }
}, 30_000);
