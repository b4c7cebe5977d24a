import type { QueryFile } from "@spancost/store";
import { describe, expect, test } from "vitest";
import type { Reader } from "../ports.ts";
import { queryVariables, unknownValue } from "./query-params.ts";
import { Texts } from "./texts.ts";

const now = Date.parse("2026-11-19T15:00:00Z");

function queryWith(params: QueryFile["params"]): QueryFile {
  return {
    name: "q",
    title: "",
    description: "",
    params,
    reads: [],
    columns: [],
    order: "",
    sql: "",
  };
}

function param(name: string, type: string, preset = "all") {
  return { name, type, default: preset, help: "" };
}

const traceId = { name: "trace_id", type: "varchar", default: undefined, help: "in hex" };

const file = queryWith([
  param("since", "timestamp", "first record"),
  param("until", "timestamp", "last record"),
  param("feature", "varchar"),
  param("max_rows", "bigint", "100"),
]);

const store: Reader = {
  readRows: async () => ({
    columns: [],
    rows: [{ first_minute: "2026-11-12T12:00:00Z", after_last: "2026-11-19T11:55:00Z" }],
  }),
};

function variables(query: QueryFile, flags: Record<string, string[]>) {
  return queryVariables(query, new Texts(Object.entries(flags)), now);
}

test("parameters are checked by their type, and the window is resolved", async () => {
  const ask = variables(file, { param: ["feature=a=b", "max_rows=5", "since=7d"], until: ["2h"] });
  expect(await ask(store)).toEqual({
    window: { since: "2026-11-12T15:00:00Z", until: "2026-11-19T13:00:00Z" },
    variables: {
      feature: "a=b",
      max_rows: 5,
      since: "2026-11-12T15:00:00Z",
      until: "2026-11-19T13:00:00Z",
    },
  });
});

test("a query about a change looks at one day where nothing is asked", async () => {
  const spike = queryWith([
    param("since", "timestamp", "a day before until"),
    param("until", "timestamp", "after the last record"),
  ]);
  expect((await variables(spike, {})(store)).window).toEqual({
    since: "2026-11-18T11:55:00Z",
    until: "2026-11-19T11:55:00Z",
  });
});

describe("a query that needs a window", () => {
  const change = queryWith([
    { name: "since", type: "timestamp", default: undefined, help: "" },
    { name: "until", type: "timestamp", default: undefined, help: "" },
  ]);

  test("ends now where only its start is given", async () => {
    expect((await variables(change, { since: ["1d"] })(store)).window).toEqual({
      since: "2026-11-18T15:00:00Z",
      until: "2026-11-19T15:00:00Z",
    });
  });

  test("is about the last day that has records where nothing is given", async () => {
    expect((await variables(change, {})(store)).window).toEqual({
      since: "2026-11-18T11:55:00Z",
      until: "2026-11-19T11:55:00Z",
    });
  });
});

test("a value that a query does not know is a wrong use, with the values that it knows", () => {
  const query = queryWith([param("dimension", "varchar")]);
  const refused = 'Invalid Input Error: dimension takes team, model or tag:NAME, not "modell"';
  expect(unknownValue(query, refused)).toMatchObject({
    exitCode: 2,
    message: '--param dimension takes team, model or tag:NAME, not "modell". Did you mean model?',
  });
  expect(unknownValue(query, "Invalid Input Error: no such thing")).toBeUndefined();
});

test("a query without a window has none", async () => {
  const query = queryWith([traceId]);
  expect(await variables(query, { param: ["trace_id=4b"] })(store)).toEqual({
    window: null,
    variables: { trace_id: "4b" },
  });
});

describe("is refused:", () => {
  test.each([
    [
      { param: ["max_rows"] },
      '--param takes name=value, such as --param max_rows=5, not "max_rows".',
    ],
    [
      { param: ["featur=x"] },
      'query q has no parameter "featur". Did you mean feature? It takes since, until, feature, max_rows.',
    ],
    [
      { param: ["max_rows=many"] },
      '--param max_rows takes a whole number from 0 to 1000000000, not "many".',
    ],
  ])("%o", (flags, message) => {
    expect(() => variables(file, flags)).toThrow(message);
  });

  test("a parameter that is missing", () => {
    const query = queryWith([traceId]);
    expect(() => variables(query, {})).toThrow(
      "query q needs --param trace_id=… (varchar: in hex).",
    );
  });

  test("--since of a query without a window", () => {
    const query = queryWith([traceId]);
    expect(() => variables(query, { since: ["2h"] })).toThrow(
      'query q has no parameter "since". It takes trace_id.',
    );
  });
});
