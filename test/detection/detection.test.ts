import { readDetection } from "@spancost/analysis";
import { describe, expect, test } from "vitest";
import { instantOf, readerOf } from "../incidents/answer.ts";
import { drawCase } from "../incidents/case.ts";
import { incidentKinds, quietKinds } from "../incidents/kinds.ts";
import { databaseOf } from "../incidents/table.ts";
import { toDetected } from "./detected.ts";

/** What is found in a case without being told when to look; `score.ts` tries as many as one likes. */
async function detected(kind: string, seed: number) {
  const one = drawCase(kind, seed);
  const connection = await databaseOf(one);
  try {
    const read = () => readDetection(readerOf(connection), instantOf(one, one.end));
    const first = await read();
    expect(await read()).toEqual(first);
    return toDetected(one, first, 0);
  } finally {
    connection.closeSync();
  }
}

describe("a planted spike is found, to the hour", () => {
  test.each([
    ["model swap", 303],
    ["broken prompt cache", 304],
    ["two at once", 305],
  ])("%s %d", async (kind, seed) => {
    expect(Object.keys(incidentKinds)).toContain(kind);
    const { found, startError, endError } = await detected(kind, seed);
    expect([found, Number(startError) <= 1, Number(endError) <= 1]).toEqual([true, true, true]);
  });
});

describe("without one nothing is found", () => {
  test.each([
    ["quiet week", 301],
    ["harmless releases", 301],
    ["busy day", 301],
  ])("%s %d", async (kind, seed) => {
    expect(Object.keys(quietKinds)).toContain(kind);
    expect(await detected(kind, seed)).toMatchObject({ found: false });
  });
});
