import { expect, test } from "vitest";
import { Complaints } from "./complaints.ts";

test("a line a minute, which says how many it stands for", () => {
  const said: string[] = [];
  let now = 0;
  const complaints = new Complaints(
    (message) => said.push(message),
    () => now,
  );
  for (; now < 150_000; now += 10_000) complaints.say("away");
  complaints.always("back");
  complaints.say("away");
  expect(said).toEqual([
    "away",
    "away (and 5 more times since)",
    "away (and 5 more times since)",
    "back",
    "away",
  ]);
});
