import type { Reviewed } from "./reviewed.ts";

/** An instant for which the catalogue is asked at another one, since its data cannot say when a price holds. */
interface ClockRow extends Reviewed {
  applies(provider: string, model: string): boolean;
  /** The instant whose price holds, in milliseconds since 1970. */
  instant(millis: number): number;
}

const hourMillis = 3_600_000;
const dayMillis = 24 * hourMillis;

export const clockRows: readonly ClockRow[] = [
  {
    reason:
      "DeepSeek V4 has peak hours since 2026-08-17, and since 2026-08-23 Beijing time from Monday to Friday only. The catalogue's peak hours hold on every day there ever was, which its own comment on the model says.",
    source: "https://api-docs.deepseek.com/quick_start/pricing/",
    applies: (provider, model) => provider === "deepseek" && model.startsWith("deepseek-v4-"),
    instant(millis) {
      const beforePeaks = millis < Date.UTC(2026, 7, 17);
      const withWeekends = millis >= Date.UTC(2026, 7, 22, 16);
      if (!beforePeaks && !(withWeekends && isBeijingWeekend(millis))) return millis;
      // Noon UTC is no peak hour; it leaves the day, and so the dated price, as it is.
      return Math.floor(millis / dayMillis) * dayMillis + 12 * hourMillis;
    },
  },
];

function isBeijingWeekend(millis: number): boolean {
  const weekday = new Date(millis + 8 * hourMillis).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The instant to ask the catalogue at, or `undefined` where it needs no other than the call's. */
export function overlayClock(
  provider: string,
  model: string,
): ((millis: number) => number) | undefined {
  return clockRows.find((row) => row.applies(provider, model))?.instant;
}
