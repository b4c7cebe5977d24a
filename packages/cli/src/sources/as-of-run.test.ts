import { createPriceBook } from "@spancost/pricing";
import { type Behind, Store, type Variables } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prices } from "../commands/prices.ts";
import { query } from "../commands/query.ts";
import { Texts } from "../flags/texts.ts";
import { answerAsOf } from "./as-of-run.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:");
});
afterAll(() => store.close());

/** Answers as a command would, and keeps what was read for it. */
async function asked(
  command: typeof query,
  flags: Readonly<Record<string, string>>,
  late?: Behind,
) {
  const texts = new Texts(Object.entries(flags).map(([name, text]) => [name, [text]]));
  const read: Variables[] = [];
  const reader = {
    behind: async () => late,
    readRows(sql: string, variables: Variables = {}) {
      read.push(variables);
      return store.readRows(sql, variables);
    },
  };
  const question = command.prepare(texts, Date.parse("2026-11-19T15:00:00Z"));
  const world = { reader, prices: createPriceBook() };
  return { envelope: await answerAsOf(command, texts, question, world), read };
}

test("what needs no store reads none", async () => {
  expect((await asked(query, { list: "true" })).read).toEqual([]);
  expect((await asked(prices, { model: "gpt-5-mini" })).read).toEqual([]);
});

test("the run is asked for once, before anything else, and all that follows is read by it", async () => {
  const { envelope, read } = await asked(query, { name: "cost-per-trace" });
  expect(read.length).toBeGreaterThan(1);
  expect(read.map(({ pricing_run }) => pricing_run)).toEqual([
    undefined,
    ...read.slice(1).map(() => "0"),
  ]);
  expect(envelope).not.toHaveProperty("pricing_run");
});

test.each([
  ["7", "there is no pricing run 7. See what runs there are: spancost prices runs."],
  ["last", '--run takes a whole number from 0 to 1000000000, not "last".'],
])("run %s is an error before the question is asked", async (run, message) => {
  await expect(asked(query, { name: "cost-per-trace", run })).rejects.toThrow(message);
});

test("that nothing is stored is not said while spans that were taken are not worked out", async () => {
  const none = [expect.stringMatching(/^No model call is stored yet/)];
  const late = { spans: 12, since: Date.parse("2026-11-19T14:59:00Z") };
  const name = "cost-per-trace";
  expect((await asked(query, { name })).envelope.warnings).toEqual(none);
  expect((await asked(query, { name }, late)).envelope.warnings).toEqual([
    expect.stringMatching(/^12 spans acknowledged since 14:59:00 UTC are not in these figures yet/),
  ]);
});
