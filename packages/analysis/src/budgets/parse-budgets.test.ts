import { expect, test } from "vitest";
import { parseBudgets } from "./parse-budgets.ts";

function problemsOf(text: string): string[] {
  return parseBudgets(text).problems.map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  );
}

test("a whole file is read as it is written", () => {
  const text = `
budgets:
  - name: search
    where: {feature: search, "tag:tenant": acme}
    period: day
    limit: 150.5
  - {name: teams, each: team, period: month, limit: $2000, alert_at: 90%, forecast: breach}
  - {name: a request, period: week, limit_per_request: 0.02, alert_at: 0.5, forecast: off}
spikes: {at_least: 25, state: breach}
`;
  expect(parseBudgets(text).budgets).toEqual({
    budgets: [
      {
        name: "search",
        where: { feature: "search", "tag:tenant": "acme" },
        each: undefined,
        period: "day",
        limit: { of: "spend", usd: 150_500_000_000_000n },
        alertAt: 0.8,
        forecast: "alert",
      },
      {
        name: "teams",
        where: {},
        each: "team",
        period: "month",
        limit: { of: "spend", usd: 2_000n * 10n ** 12n },
        alertAt: 0.9,
        forecast: "breach",
      },
      {
        name: "a request",
        where: {},
        each: undefined,
        period: "week",
        limit: { of: "request", usd: 2n * 10n ** 10n },
        alertAt: 0.5,
        forecast: "off",
      },
    ],
    spikes: { atLeast: 25n * 10n ** 12n, state: "breach" },
  });
});

test("spikes alone are a rule", () => {
  expect(parseBudgets("spikes: {}").budgets).toEqual({
    budgets: [],
    spikes: { atLeast: 0n, state: "alert" },
  });
});

const entry = (text: string) => `budgets:\n  - ${text}\n`;

test.each([
  ["", '1:1: a file of budgets has a key "budgets:" with a list'],
  ["budgets:", "1:1: there is no budget in it"],
  ["budget: []", '1:1: unknown key "budget". Did you mean budgets?'],
  [entry("{period: day, limit: 1}"), "2:5: name is missing: a name that people know it by"],
  [entry("{name: a, limit: 1}"), "2:5: period is missing: day, week or month"],
  [entry("{name: a, period: year, limit: 1}"), '2:23: period is day, week or month, not "year"'],
  [
    entry("{name: a, period: day}"),
    "2:5: limit is missing: USD for each period, or limit_per_request",
  ],
  [entry("{name: a, period: day, limit: 0}"), "2:35: limit takes USD above 0, such as 150 or 0.02"],
  [
    entry("{name: a, period: day, limit: 1, limit_per_request: 1}"),
    "2:5: it has a limit and a limit_per_request: make two budgets of them",
  ],
  [
    entry("{name: a, period: day, limit: 1, alert_at: 120%}"),
    "2:48: alert_at takes a share of the limit, such as 80%",
  ],
  [
    entry("{name: a, period: day, limit: 1, each: taem}"),
    '2:44: there is no dimension "taem". Did you mean team?',
  ],
  [
    entry("{name: a, period: day, limit: 1, where: {feature: [x, y]}}"),
    "2:46: where takes dimensions, each with one value",
  ],
  [
    entry("{name: a, period: day, limit: 1, each: team, where: {team: x}}"),
    "2:5: each team, and where team is one value, cannot both be",
  ],
  [
    `${entry("{name: a, period: day, limit: 1}")}  - {name: a, period: week, limit: 1}`,
    '3:5: there are two budgets "a"',
  ],
  ["spikes: {state: fine}", '1:17: state is alert or breach, not "fine"'],
])("%j is told with its place", (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});
