import { expect, test } from "vitest";
import { candidatesFor } from "./candidates.ts";
import { createPriceBook } from "./price-book.ts";

const ids = (model: string): string[] => candidatesFor(model).map(({ priceId }) => priceId);

test("the whole name comes first and its maker before resellers, then what begins with it or contains it", () => {
  expect(ids("gpt-5-mini")).toEqual([
    "openai/gpt-5-mini",
    "github-copilot/gpt-5-mini",
    "openrouter/openai/gpt-5-mini",
  ]);
  expect(ids("o3").slice(0, 3)).toEqual(["openai/o3", "openrouter/openai/o3", "openai/o3-pro"]);
});

test.each(["sonnet 4.5", "SONNET-4-5", "sonnet4_5"])("%s finds Claude Sonnet 4.5", (model) => {
  expect(ids(model)).toContain("anthropic/claude-sonnet-4-5");
});

test.each(["", "---", "no such model anywhere", "\u0000"])("%j finds nothing", (model) => {
  expect(ids(model)).toEqual([]);
});

test.each([
  ["gpt-5-minni", "openai/gpt-5-mini"],
  ["calude-sonnet-4-5", "anthropic/claude-sonnet-4-5"],
])("%s, a slip of the finger, finds %s first", (model, id) => {
  expect(ids(model)[0]).toBe(id);
});

test("no more than 20 are listed", () => {
  expect(ids("e")).toHaveLength(20);
});

test("a candidate is found by its name where the catalogue does not answer to its id", () => {
  const [fireworks] = candidatesFor("llama-v3p1-8b-instruct");
  expect(fireworks).toMatchObject({ provider: "fireworks", model: "llama-v3p1-8b-instruct" });
  const { provider, name } = fireworks ?? { provider: "", name: "" };
  expect(name).not.toBe("llama-v3p1-8b-instruct");
  const card = createPriceBook().card({ provider, model: name, at: 0 });
  expect(card).toMatchObject({ kind: "card", priceId: "fireworks/llama-v3p1-8b-instruct" });
});
