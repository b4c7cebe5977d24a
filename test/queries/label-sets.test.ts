import { type Explanation, explain, type Question } from "@spancost/analysis";
import { expect, test } from "vitest";
import { numberLabels } from "../label-sets.ts";
import { readerOf, week } from "./week.ts";

const afternoon = { since: "2026-11-10T12:00:00Z", until: "2026-11-10T16:00:00Z" };

/** The week with agent loops in the search of the window. */
const attempts = week().flatMap((one) =>
  one.day === 10 && one.feature === "search"
    ? [0, 4, 8].map((more) => ({
        ...one,
        iteration: one.iteration + more,
        second: one.second + more,
      }))
    : one,
);

test.each<[string, Question]>([
  ["a window", afternoon],
  ["one feature", { ...afternoon, where: { feature: "search" } }],
  ["one user", { ...afternoon, where: { user_id: "u1" } }],
  [
    "calls without a release, of which there are none",
    { ...afternoon, where: { release: "(none)" } },
  ],
  ["the day, by model and user", { by: ["model", "user_id"] }],
])(
  "%s is explained alike by label sets, by labels of their own, and by some of each",
  async (_, question) => {
    const byTheirOwn = await explain(await readerOf(attempts), question);
    const bySets = await explain(await readerOf(attempts, numberLabels), question);
    const bySome = await explain(
      await readerOf(attempts, async (connection) => {
        await numberLabels(connection);
        await connection.run("update calls set label_set = null where hash(span_id) % 3 = 0");
      }),
      question,
    );
    expect(bySets).toEqual(byTheirOwn);
    expect(bySome).toEqual(byTheirOwn);
  },
);

test("there is something to explain", async () => {
  const { findings } = (await explain(await readerOf(attempts), afternoon)) as Explanation;
  expect(findings.map(({ segment }) => segment)).toEqual([{ feature: "search" }]);
});
