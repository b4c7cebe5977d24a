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
import { factsOf, retriesMadeGood } from "./compare.ts";
import { emittersTable } from "./emitters-table.ts";
import { attemptsElsewhere, knownLimits } from "./known-limits.ts";

const captures = Object.keys(truths).filter(hasTraces);
const found = new Map<string, readonly CostRow[]>();

test("there are captures to compare", () => {
  expect(captures.length).toBeGreaterThan(150);
});

describe.each(captures)("%s", (capture) => {
  const truth = truths[capture];
  if (truth === undefined) throw new Error(`no truth for ${capture}`);

  test("protobuf and JSON give the same records", async () => {
    const rows = await recordsOf([spansOf(capture, "pb")]);
    expect(await recordsOf([spansOf(capture, "json")])).toEqual(rows);
    found.set(capture, rows);
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
        // Wrong counts never look like good ones: the call is missing as a whole, or marked.
        for (const row of rows) {
          expect([row["usage_quality"], row["usage_issue"]]).not.toEqual(["measured", null]);
        }
      }
    },
  );

  test("shows the attempts that the trace shows", () => {
    const rows = found.get(capture) ?? [];
    const known = rows.filter((row) => row["retry_count"] !== null);
    const retries = known.reduce((sum, row) => sum + Number(row["retry_count"]), 0);
    if (rows.length === 0 || capture in attemptsElsewhere) expect(retries).toBe(0);
    else expect(retries).toBe(retriesMadeGood(truth));
  });

  if (capture.includes("loop") || capture.endsWith("tool-runner")) {
    test("counts steps from 1", () => {
      const steps = (found.get(capture) ?? []).map((row) => row["loop_iteration"]);
      expect(steps).toEqual(steps.map((_, index) => index + 1));
    });
  }

  test("never costs nothing: a price, or a reason why there is none", () => {
    for (const row of found.get(capture) ?? []) {
      if (row["cost_usd"] === null) expect(row["unpriced_reason"]).not.toBeNull();
      else expect(Number(row["cost_usd"])).toBeGreaterThan(0);
    }
  });
});

test.each(captures)(
  "%s reads the same from the attributes that a decoder keeps as from all",
  (capture) => {
    const readings = (spans: readonly Span[]) => spans.map((span) => toSpanFacts(span, prices));
    expect(readings(spansOf(capture, "json"))).toEqual(readings(allAttributesOf(capture)));
  },
);

test("docs/emitters.md shows what these captures gave", () => {
  const page = readFileSync(
    fileURLToPath(new URL("../../docs/emitters.md", import.meta.url)),
    "utf8",
  );
  expect(page).toContain(emittersTable(found));
});
