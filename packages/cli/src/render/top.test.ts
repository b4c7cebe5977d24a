import { expect, test } from "vitest";
import type { TopEnvelope } from "../commands/top.ts";
import type { Row } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { utc } from "../flags/time-zone.ts";
import { topTable } from "./top.ts";

const page = {
  width: Number.POSITIVE_INFINITY,
  zone: utc,
  style: (_: string, text: string) => text,
};

function group(more: Row): Row {
  const tokens = { input_tokens: 12_345, cache_read_tokens: null, output_tokens: 10 };
  return { requests: 1, calls: 2, unpriced_calls: 0, cost_per_call_usd: 0.5, ...tokens, ...more };
}

const envelope: TopEnvelope = {
  schema: "spancost/top@1",
  window: null,
  by: ["feature"],
  rows: [
    group({ feature: "search", cost_usd: new ExactNumber("1.5"), share: 1 }),
    group({
      feature: null,
      cost_usd: null,
      share: null,
      unpriced_calls: 2,
      cost_per_call_usd: null,
    }),
  ],
  groups: 3,
  total: group({ cost_usd: new ExactNumber("1.5"), share: 1, unpriced_calls: 2 }),
  trust: {
    calls: 4,
    unpriced_calls: 2,
    priced_share: 0.5,
    attributed_share_by: { feature: 0.5 },
    deduplicated: 0,
  },
  warnings: [],
};

test("a group without a price is unknown, not free, and stands below those that cost", () => {
  const [, search, none] = topTable(envelope, page).split("\n");
  expect(search).toMatch(/^search +\$1\.50 +100 % +█{12} +1 +2 +– +\$0\.50 +12\.3 k +– +10$/);
  expect(none).toMatch(/^\(none\) +unknown +– +1 +2 +2 +unknown /);
});

test("the total says how many groups it is of", () => {
  expect(topTable(envelope, page).split("\n")[3]).toMatch(/^total of 3 groups +\$1\.50 /);
  expect(topTable({ ...envelope, groups: 2 }, page).split("\n")[3]).toMatch(/^total +\$1\.50 /);
});

test("below the table stands how far to believe it", () => {
  expect(topTable(envelope, page).split("\n").slice(4)).toEqual([
    "",
    "Trust: 50.0 % of 4 calls priced · 50.0 % have a feature.",
  ]);
});
