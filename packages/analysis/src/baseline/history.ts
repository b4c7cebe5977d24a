import type { Question } from "../explain.ts";
import { dayMicros, daysIn, instantAt } from "./instants.ts";
import { microsOf, type Spell, type Spells } from "./windows.ts";

/** Whether so much of a period is stored, at least half of the window's length, that it says what is usual. */
export function isUsable({ micros }: Spell, window: Spell): boolean {
  return 2n * micros >= window.micros;
}

/** Why a window has nothing that it can be compared with: in one sentence, with the times that it hangs on. */
export function whyNoBaseline(
  { window, before, firstCall }: Spells,
  { baseline }: Question,
): string {
  if (!window.isPriced) {
    return "No call in the window has a price: what it cost is unknown, and compared with nothing.";
  }
  if (before.some((spell) => !spell.isPriced && isUsable(spell, window))) {
    return "No call in the baseline has a price: what it cost is unknown, and so is what changed.";
  }
  const first = words(microsOf(firstCall));
  if (typeof baseline === "object") {
    return `No call is stored of the baseline that was named: the first one that is stored is of ${first} UTC.`;
  }
  const since = microsOf(window.since);
  if (microsOf(firstCall) >= since) {
    return `There is no history for a comparison: no call is stored from before the window (the first is of ${first} UTC).`;
  }
  const { micros } = window;
  const needed = words(since + micros / 2n - daysIn(micros) * dayMicros);
  return (
    "There is too little history for a comparison: " +
    `the first call that is stored is of ${first} UTC, and it takes calls since ${needed} UTC.`
  );
}

/** "2026-11-14 01:20", the minute that holds it. */
function words(micros: bigint): string {
  return instantAt(Number(micros / 1000n))
    .slice(0, "2026-11-14T01:20".length)
    .replace("T", " ");
}
