import { expect, test } from "vitest";
import { parseContract } from "./contract/parse-contract.ts";
import { exactUsd } from "./format-money.ts";
import { createPriceBook } from "./price-book.ts";
import type { ToolUse } from "./priced.ts";

const { contract } = parseContract(`tools:
  - {name: New search, tool: web_search, from: 2026-11-15, usd: 0.008}
  - {tool: web_search, usd: 0.01}
  - {tool: ocr_*, account: acme, usd: 0.0015}
  - {tool: orders, operation: retrieval, provider: pinecone, region: eu-*, usd: 0.000016}
`);
const book = createPriceBook({ contract });

function cost(use: Partial<ToolUse>): string | undefined {
  const startedAt = Date.UTC(2026, 10, 20);
  const priced = book.priceTool({ tool: "web_search", units: undefined, startedAt, ...use });
  return priced === undefined ? undefined : exactUsd(priced.cost.total).replace(/\.?0+$/, "");
}

test.each<[string, Partial<ToolUse>, string | undefined]>([
  ["a use of it", {}, "0.008"],
  ["so many units", { units: 3 }, "0.024"],
  ["no units", { units: 0 }, "0"],
  ["before the new price", { startedAt: new Date("2026-11-14T23:59:59.999Z") }, "0.01"],
  ["at the new price's first instant", { startedAt: new Date("2026-11-15T00:00:00Z") }, "0.008"],
  ["a pattern, in an account", { tool: "OCR_page", account: "acme", units: 12 }, "0.018"],
  ["another account", { tool: "ocr_page", account: "other" }, undefined],
  [
    "a retrieval",
    { tool: "orders", operation: "retrieval", provider: "pinecone", region: "eu-1" },
    "0.000016",
  ],
  [
    "another operation",
    { tool: "orders", operation: "execute_tool", provider: "pinecone", region: "eu-1" },
    undefined,
  ],
  ["a tool without a price", { tool: "calculator" }, undefined],
  ["half a unit", { units: 0.5 }, undefined],
  ["units below none", { units: -1 }, undefined],
  ["no time", { startedAt: Number.NaN }, undefined],
  ["a name that is none", { tool: 5 as unknown as string }, undefined],
  ["more than a record holds", { units: 2 ** 50 }, undefined],
])("%s: %j costs %s", (_claim, use, expected) => {
  expect(cost(use)).toBe(expected);
});

test("a tool's cost is no token's, and names the contract", () => {
  const priced = book.priceTool({
    tool: "web_search",
    units: 2,
    startedAt: Date.UTC(2026, 10, 20),
  });
  const none = { input: undefined, cacheRead: undefined, cacheWrite: undefined, output: undefined };
  expect(priced).toEqual({
    kind: "priced",
    cost: { ...none, other: 16_000_000_000n, total: 16_000_000_000n },
    source: `contract@${contract?.contractId}`,
    priceId: "contract/tool/web_search",
    match: undefined,
  });
});

test("without a contract no tool has a price", () => {
  expect(
    createPriceBook().priceTool({ tool: "web_search", units: 1, startedAt: 0 }),
  ).toBeUndefined();
});
