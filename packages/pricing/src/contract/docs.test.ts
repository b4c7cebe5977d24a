import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellNames } from "../price-card.ts";
import { parseContract } from "./parse-contract.ts";

const page = readFileSync(new URL("../../../../docs/prices.md", import.meta.url), "utf8");

/** Fenced blocks, each with the block behind it. */
const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text = ""]) => ({
  language,
  text,
}));
const examples = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text);

test("there are examples to try", () => {
  expect(examples.length).toBeGreaterThan(6);
});

test.each(examples.filter((text) => !text.startsWith("# wrong")))(
  "an example is a contract that loads without a doubt: %#",
  (text) => {
    const { contract, problems, warnings } = parseContract(text);
    expect([problems, warnings]).toEqual([[], []]);
    const { prices = [], tools = [], aliases = [] } = contract ?? {};
    expect(prices.length + tools.length + aliases.length).toBeGreaterThan(0);
  },
);

test("the example of mistakes has the messages that the page shows", () => {
  const at = blocks.findIndex(({ text }) => text.startsWith("# wrong"));
  const shown = parseContract(blocks[at]?.text ?? "").problems.map(
    ({ line, column, message }) => `prices.yaml:${line}:${column}: ${message}\n`,
  );
  expect(shown.length).toBeGreaterThan(3);
  expect(blocks[at + 1]?.text).toBe(shown.join(""));
});

test("the page names every cell", () => {
  expect(cellNames.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
