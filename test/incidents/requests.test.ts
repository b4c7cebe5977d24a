import type { Reader } from "@spancost/analysis";
import { expect, test } from "vitest";
import type { Segment } from "../../packages/analysis/src/dimensions.ts";
import { narrowedTo } from "../../packages/analysis/src/dimensions.ts";
import { labelsOfContext } from "../../packages/analysis/src/reading/cells.ts";
import {
  bothSides,
  readRequests,
  readRequestsOf,
} from "../../packages/analysis/src/reading/requests.ts";
import { instantOf, readerOf } from "./answer.ts";
import { drawCase } from "./case.ts";
import { databaseOf } from "./table.ts";

/** A reader that counts what it is asked. */
function counting(reader: Reader) {
  const asked: string[] = [];
  const counted: Reader = {
    ask: (name, variables) => {
      asked.push(name);
      return reader.ask(name, variables);
    },
  };
  return { asked, counted };
}

test("requests of features and environments are known from those of all, others are asked for", async () => {
  const one = drawCase("retry storm", 1);
  const connection = await databaseOf(one);
  const reader = readerOf(connection);
  const variables = {
    since: instantOf(one, one.window.from),
    until: instantOf(one, one.window.to),
  };
  const known = await readRequests(reader, variables);
  const contexts = [...(known.get(0)?.keys() ?? [])].map(labelsOfContext);
  expect(contexts.length).toBeGreaterThan(5);
  const segments = contexts.flatMap(({ feature, environment }): Segment[] => [
    { feature },
    { environment },
    { feature, environment },
  ]);
  const { asked, counted } = counting(reader);
  for (const segment of [{}, ...segments]) {
    const narrowed = await readRequests(reader, narrowedTo(variables, segment));
    expect(await readRequestsOf(counted, variables, segment, known)).toEqual(bothSides(narrowed));
  }
  expect(asked).toEqual([]);
  await readRequestsOf(counted, variables, { region: one.world.regions[0] ?? null }, known);
  expect(asked).toEqual(["explain-traffic"]);
  connection.closeSync();
});
