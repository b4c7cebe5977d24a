import { expect, test } from "vitest";
import type { Dimension, Segment } from "../dimensions.ts";
import { measureOf } from "../ledger/contributions.ts";
import type { RateFactor } from "../reading/rate-errors.ts";
import { Doubts } from "./doubts.ts";
import type { Scored } from "./scoring.ts";

/** A change, in micro-dollars, of what conditions name. */
function changeOf(factor: RateFactor | "traffic", change: number, segment: Segment): Scored {
  const conditions = Object.entries(segment).map(([name, value]) => ({
    column: { name: name as Dimension, values: [value ?? null], count: 1, codes: new Int32Array() },
    code: 0,
  }));
  const candidate = { conditions, sums: new Float64Array() };
  return { candidate, measure: measureOf(factor), change, lumps: 0, score: 0, isNew: false };
}

/** Answers by the JSON of a segment; what is asked is noted. */
function answering(errors: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const ask = async (segment: Segment) => {
    asked.push(JSON.stringify(segment));
    return () => errors[JSON.stringify(segment)] ?? 0;
  };
  return { asked, ask };
}

/** The search, made again until nothing is asked. */
async function surestOf(all: readonly Scored[], errors: Readonly<Record<string, number>>) {
  const doubts = new Doubts();
  const { asked, ask } = answering(errors);
  let surest = doubts.surest(all, () => true);
  while (await doubts.ask(ask)) surest = doubts.surest(all, () => true);
  return { surest, asked };
}

const search = { feature: "search" };
const chat = { feature: "chat" };
const inSearch = JSON.stringify(search);

test("nothing is told before what is larger is known", () => {
  const doubts = new Doubts();
  expect(doubts.surest([changeOf("output", 5, search)], () => true)).toBeUndefined();
});

test("of the largest changes the surest is told", async () => {
  const all = [
    changeOf("output", 100, {}),
    changeOf("output", 95, search),
    changeOf("output", 40, chat),
  ];
  const { surest } = await surestOf(all, { "{}": 9, [inSearch]: 15, [JSON.stringify(chat)]: 19 });
  expect(surest).toBe(all[1]);
});

test("from twenty standard errors on the simpler name is told", async () => {
  const longer = { feature: "search", environment: "prod" };
  const all = [changeOf("output", 95, longer), changeOf("output", 90, search)];
  const { surest } = await surestOf(all, { [JSON.stringify(longer)]: 300, [inSearch]: 21 });
  expect(surest).toBe(all[1]);
});

test.each([
  ["as chance may change", changeOf("input", 5, search), 4.4],
  ["the other way than its cost", changeOf("input", -5, search), 30],
  ["that is none", changeOf("traffic", 5, search), 30],
  ["of a model, which others are no measure of", changeOf("input", 5, { model: "m" }), 30],
  ["of a release in whatever it served", changeOf("input", 5, { release: "2", region: "eu" }), 30],
  ["of one that says of no feature", changeOf("input", 5, { release: "2", feature: null }), 30],
])("a rate %s is not told", async (_, one, errors) => {
  const { surest } = await surestOf([one], {
    [JSON.stringify(
      Object.fromEntries(
        one.candidate.conditions.map(({ column }) => [column.name, column.values[0]]),
      ),
    )]: errors,
  });
  expect(surest).toBeUndefined();
});

test("a release is told within a feature", async () => {
  const segment = { feature: "search", release: "2" };
  const all = [changeOf("input", 5, segment)];
  expect((await surestOf(all, { [JSON.stringify(segment)]: 5 })).surest).toBe(all[0]);
  const mix = [changeOf("mix", 5, segment)];
  expect((await surestOf(mix, { [JSON.stringify(segment)]: 5 })).surest).toBeUndefined();
});

test("the same change by other names is asked for once where it is one, and the questions end", async () => {
  const named = Array.from({ length: 100 }, (_, nth) =>
    changeOf("output", 100 - nth * 0.001, { feature: `f${nth}` }),
  );
  const { asked } = await surestOf(named, { [JSON.stringify({ feature: "f0" })]: 30 });
  expect(asked).toEqual([JSON.stringify({ feature: "f0" })]);
  const unlike = Array.from({ length: 100 }, (_, nth) =>
    changeOf("output", 100 * 0.98 ** nth, { feature: `f${nth}` }),
  );
  expect((await surestOf(unlike, {})).asked.length).toBe(36);
});

test("all rates of a segment are known by one question", async () => {
  const all = [changeOf("output", 100, search), changeOf("input", 90, search)];
  const { surest, asked } = await surestOf(all, {});
  expect(surest).toBeUndefined();
  expect(asked).toEqual([inSearch]);
});

test("once it is decided what is known is told, and nothing is asked", async () => {
  const doubts = new Doubts();
  const all = [changeOf("output", 100, search), changeOf("output", 95, chat)];
  const { ask } = answering({ [inSearch]: 8 });
  doubts.surest(all.slice(0, 1), () => true);
  await doubts.ask(ask);
  expect(doubts.surest(all, () => true)).toBeUndefined();
  await doubts.ask(async () => () => 0);
  doubts.decide();
  expect(doubts.surest(all, () => true)).toBe(all[0]);
  expect(await doubts.ask(ask)).toBe(false);
});

test("once it is decided what sums doubt and nobody asked for is refuted", () => {
  const doubts = new Doubts();
  const one = changeOf("input", 5, search);
  expect(doubts.isRefuted(one)).toBe(false);
  doubts.decide();
  expect(doubts.isRefuted(one)).toBe(true);
});

/** Whether it is refuted before and after it was asked for, and what was asked. */
async function refuted(
  one: Scored,
  errors: Readonly<Record<string, number>>,
  others: Scored[] = [],
) {
  const doubts = new Doubts();
  const { asked, ask } = answering(errors);
  const before = [...others, one].map((each) => doubts.isRefuted(each)).at(-1);
  await doubts.ask(ask);
  const after = [...others, one].map((each) => doubts.isRefuted(each)).at(-1);
  return { before, after, asked };
}

test.each([
  ["of fewer than three errors is", 2.9, true],
  ["of three is not", 3, false],
  ["that went the other way is", -30, true],
])("a rate %s refuted once it is known", async (_, errors, isRefuted) => {
  const { before, after, asked } = await refuted(changeOf("input", 5, search), {
    [inSearch]: errors,
  });
  expect({ before, after, asked }).toEqual({ before: false, after: isRefuted, asked: [inSearch] });
});

test("what cannot be asked for is refuted with what is about as much by another name", async () => {
  const ofFeature = changeOf("input", 5, search);
  const release = { release: "2" };
  const by = (change: number) =>
    refuted(changeOf("input", change, release), { [inSearch]: 1 }, [ofFeature]);
  expect(await by(4.5)).toEqual({ before: false, after: true, asked: [inSearch] });
  expect((await by(3)).after).toBe(false);
  expect((await by(-4.5)).after).toBe(false);
  const output = changeOf("output", 5, release);
  expect((await refuted(output, { [inSearch]: 1 }, [ofFeature])).after).toBe(false);
});

test.each([
  ["traffic, which is no rate", changeOf("traffic", 5, search)],
  ["how long one user's runs are", changeOf("loops", 5, { user_id: "u" })],
  ["how often a tool is used in a request", changeOf("loops", 5, { tool: "sql" })],
])("nobody asks for %s", async (_, one) => {
  expect(await refuted(one, {})).toEqual({ before: false, after: false, asked: [] });
});
