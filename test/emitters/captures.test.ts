import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Span, toSpanFacts } from "@spancost/records";
import { describe, expect, test } from "vitest";
import {
  allAttributesOf,
  type CostRow,
  hasTraces,
  prices,
  recordsOf,
  spansOf,
  truths,
} from "./captures.ts";
import { factsOf, retriesByAnswer } from "./compare.ts";
import { emittersTable } from "./emitters-table.ts";
import { attemptsElsewhere, knownLimits, toldInTwoTraces } from "./known-limits.ts";
import { losses } from "./losses.ts";

const captures = Object.keys(truths).filter(hasTraces);
const found = await recordsOf(captures);

test("there are captures to compare", () => {
  expect(captures.length).toBeGreaterThan(300);
});

describe.each(captures)("%s", (capture) => {
  const truth = truths[capture];
  if (truth === undefined) throw new Error(`no truth for ${capture}`);

  test("protobuf and JSON give the same spans", () => {
    expect(spansOf(capture, "json")).toEqual(spansOf(capture, "pb"));
  });

  const limit = knownLimits[capture];
  test(
    limit === undefined ? "says the truth, or that it does not know" : `cannot: ${limit}`,
    () => {
      const rows = found.get(capture) ?? [];
      const wrong = factsOf(capture, truth, rows).filter(({ verdict }) => verdict === "wrong");
      if (limit === undefined) {
        expect(wrong).toEqual([]);
      } else {
        expect(wrong).not.toEqual([]);
        // Wrong counts never look like good ones: the call is missing as a whole, marked, or shown by a query, for
        // which two-traces.test.ts sees to it.
        for (const row of capture in toldInTwoTraces ? [] : rows) {
          expect([row["usage_quality"], row["usage_issue"]]).not.toEqual(["measured", null]);
        }
      }
    },
  );

  test("shows of each call the failed attempts that the trace shows", () => {
    const rows = found.get(capture) ?? [];
    const retries = rows.map((row) => row["retry_count"]);
    const all = truth.calls === undefined ? rows.map(() => 0) : retriesByAnswer(truth);
    // Where records are missing as a whole, `knownLimits` says why: those that are there are looked at.
    const expected = capture in knownLimits ? all.slice(all.length - rows.length) : all;
    const unknown = rows.map(() => null);
    if (rows.length === 0 || capture in toldInTwoTraces) return;
    if (capture in attemptsElsewhere) expect(retries).toEqual(unknown);
    else if (showsAttempts(capture, rows)) {
      // Where only failed calls beside it show attempts, a call without such says nothing of its own.
      const told = showsRequests(capture, rows)
        ? expected
        : expected.map((count) => (count === 0 ? null : count));
      expect(retries).toEqual(told);
    } else expect([retries, expected]).toEqual([unknown, rows.map(() => 0)]);
  });

  test("says how it knows of attempts, where it knows", () => {
    for (const row of found.get(capture) ?? []) {
      expect(row["retry_evidence"] === null).toBe(row["retry_count"] === null);
    }
  });

  test("counts the steps of each run from 1", () => {
    const rows = found.get(capture) ?? [];
    const runs = Map.groupBy(rows, (row) => `${row["trace_id"]} ${row["run_id"]}`);
    for (const run of runs.values()) {
      expect(run.map((row) => row["loop_iteration"])).toEqual(run.map((_, index) => index + 1));
    }
    const loop = capture.includes("loop") || capture.endsWith("tool-runner");
    if (loop) expect(runs.size).toBeLessThanOrEqual(capture in toldInTwoTraces ? 2 : 1);
  });

  test("never costs nothing: a price, or a reason why there is none", () => {
    for (const row of found.get(capture) ?? []) {
      if (row["cost_usd"] === null) expect(row["unpriced_reason"]).not.toBeNull();
      else expect(Number(row["cost_usd"])).toBeGreaterThan(0);
    }
  });
});

/** Whether anything in the traces of `rows` tells of attempts: requests that were seen, or a span that says it. */
function showsAttempts(capture: string, rows: readonly CostRow[]): boolean {
  return rows.some((row) => row["retry_evidence"] !== null) || showsRequests(capture, rows);
}

/** Whether the traces of `rows` show requests, or spans that say how many there were. */
function showsRequests(capture: string, rows: readonly CostRow[]): boolean {
  if (rows.some((row) => ["explicit", "http"].includes(`${row["retry_evidence"]}`))) return true;
  const traces = new Set(rows.map((row) => row["trace_id"]));
  const facts = spansOf(capture, "pb").map((span) => toSpanFacts(span, prices));
  return facts.some(({ modelRequest, traceId }) => modelRequest && traces.has(traceId));
}

test.each(captures)(
  "%s reads the same from the attributes that a decoder keeps as from all",
  (capture) => {
    const readings = (spans: readonly Span[]) => spans.map((span) => toSpanFacts(span, prices));
    expect(readings(spansOf(capture, "json"))).toEqual(readings(allAttributesOf(capture)));
  },
);

/** What the recorded services ask, and what their models answer. */
const content =
  /what is the weather|questions about the weather|sunny|a streamed answer|streaming answer/i;

test.each(captures)("%s: nothing of what was asked or answered is kept", (capture) => {
  const facts = allAttributesOf(capture).map((span) => toSpanFacts(span, prices));
  const told = facts.flatMap((fact) =>
    Object.entries(fact).filter(([, value]) =>
      content.test(value instanceof Map ? [...value].join() : String(value)),
    ),
  );
  expect(told).toEqual([]);
});

test.each(losses)(
  "what $captures is said to lose of $facts is lost",
  ({ captures: named, facts }) => {
    const matching = captures.filter((capture) => named.test(capture));
    const unknown = matching.flatMap((capture) => {
      const truth = truths[capture];
      if (truth === undefined) return [];
      return factsOf(capture, truth, found.get(capture) ?? [])
        .filter((fact) => fact.verdict === "unknown" && fact.truth > 0)
        .map(({ name }) => name);
    });
    expect(facts.filter((fact) => !unknown.includes(fact))).toEqual([]);
  },
);

test("docs/emitters.md shows what these captures gave", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../docs/emitters.md", import.meta.url)),
    "utf8",
  );
  expect(page).toContain(emittersTable(found));
});
