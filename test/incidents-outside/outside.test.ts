/** Keeps the second generator alive: what it plants costs what it says, and is found through the public command. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { type Case, plannedCase, prepare, spancost } from "./cases.ts";
import { happeningsOf } from "./causes.ts";
import { companies } from "./companies.ts";
import { judge } from "./judge.ts";
import { kinds, quietKinds } from "./kinds.ts";
import { requestsOf } from "./requests.ts";

const folder = mkdtempSync(`${tmpdir()}/incidents-outside-`);
afterAll(() => rmSync(folder, { recursive: true }));

const small = companies.find(({ name }) => name === "small") as (typeof companies)[number];

function caseOf(seed: number, kind: string, company = small): Case {
  const found = plannedCase(seed, kind, company);
  if (found === undefined) throw new Error(`${company.name} cannot have "${kind}"`);
  return found;
}

describe("a case", () => {
  test("differs from the same world without its cause by the calls of the cause alone", () => {
    const { world, causes } = caseOf(3, "longer answers");
    const requests = requestsOf(world);
    const withCause = happeningsOf(world, requests, causes);
    const without = happeningsOf(world, requests, []);
    const untouched = withCause.filter(({ cause }) => cause === undefined);
    const same = new Map(without.map((one) => [one.request.key, one]));
    expect(untouched.length).toBeGreaterThan(2000);
    for (const one of untouched) expect(one).toEqual(same.get(one.request.key));
    expect(withCause.length).toBeGreaterThan(untouched.length);
  });

  test("of each kind is possible in some company", () => {
    const impossible = [...Object.keys(kinds), ...Object.keys(quietKinds)].filter(
      (kind) => !companies.some((company) => plannedCase(1, kind, company)),
    );
    expect(impossible).toEqual([]);
  });
});

describe("explain", () => {
  test.each(["longer answers", "price change"])("finds %s", (kind) => {
    const truth = prepare(caseOf(5, kind), folder);
    const db = `${folder}/${truth.name}.duckdb`;
    const sql = "select sum(cost_usd)::double as usd from cost_records";
    const [booked] = JSON.parse(spancost("query", "--sql", sql, "--db", db, "--json")).rows;
    expect(booked.usd).toBeCloseTo(truth.usd, 6);
    const day = ["--since", truth.since, "--until", truth.until];
    const judged = judge(truth, JSON.parse(spancost("explain", "--json", "--db", db, ...day)));
    expect(judged).toMatchObject({ first: true, all: true, mechanism: true, spurious: 0 });
  });

  test("explains the day where the hours of a spike tell nothing by themselves", () => {
    const truth = prepare(caseOf(10, "fallback provider"), folder);
    const db = `${folder}/${truth.name}.duckdb`;
    const answer = JSON.parse(spancost("explain", "--json", "--db", db));
    expect(answer.detection).toMatchObject({ found: true, widened: true });
    expect(answer.detection.sentence).toContain("Nothing stands out in these hours alone");
    expect(Date.parse(answer.window.until) - Date.parse(answer.window.since)).toBe(86_400_000);
    expect(judge(truth, answer)).toMatchObject({ first: true, spurious: 0 });
    const { since, until } = answer.detection;
    const alone = spancost("explain", "--json", "--db", db, "--since", since, "--until", until);
    expect(JSON.parse(alone)).toMatchObject({ quiet: true, findings: [], detection: null });
  });
});
