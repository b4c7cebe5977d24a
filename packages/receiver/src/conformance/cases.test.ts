import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { hangUp, named, sendBytes, ways } from "../testing/ways.ts";
import { answerOf, bodyOf, isSentIn, storedOf } from "./case.ts";
import { cases } from "./cases.ts";

let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start();
});
afterAll(async () => {
  hangUp();
  await running.stop();
});

/** Milliseconds. Some bodies are 60 MiB. */
const timeout = 30_000;

const traceId = "0af7651916cd43dd8448eb211c80319c";

describe.each(named(ways))("%s:", (_, way) => {
  const here = cases.filter((one) => isSentIn(one, way));

  const rows = here.map((one) => [one.id, one.claim, one] as const);
  test.each(rows)("%s %s", { timeout }, async (_id, _claim, one) => {
    running.takeStored();
    const outcome = await sendBytes(way, running, bodyOf(one, way, traceId));
    const answer = answerOf(one);
    expect([outcome.status, outcome.rejected]).toEqual([answer.status, answer.rejected]);
    if (answer.message !== undefined) expect(outcome.message).toMatch(answer.message);
    else if (answer.status === 200) expect(outcome.message).toBeUndefined();
    else expect(outcome.message).not.toBe("");
    expect(running.stored).toHaveLength(storedOf(one));
    if (one.look !== undefined) expect(running.stored.map(one.look)).toEqual(one.seen);
    expect(running.errors).toEqual([]);
  });
});
