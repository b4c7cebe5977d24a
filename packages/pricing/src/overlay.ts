import type { Cell, CellName } from "./price-card.ts";
import { timesRate } from "./rates.ts";

/** Source of a cell, and of a card's times, that this table made. */
export const overlaySource = "overlay";

type Cells = Readonly<Record<CellName, Cell | undefined>>;

/** A rate that the catalogue lacks and its provider publishes as a rule. */
interface CellRow {
  readonly reason: string;
  readonly source: string;
  readonly cell: CellName;
  applies(provider: string, model: string): boolean;
  /** The cell that the rule makes, or `undefined` where the card lacks what the rule starts from. */
  make(cells: Cells): Cell | undefined;
}

/** An instant for which the catalogue is asked at another one, since its data cannot say when a price holds. */
interface ClockRow {
  readonly reason: string;
  readonly source: string;
  applies(provider: string, model: string): boolean;
  /** The instant whose price holds, in milliseconds since 1970. */
  instant(millis: number): number;
}

const cellRows: readonly CellRow[] = [
  {
    reason:
      "Bedrock and Vertex sell Claude's one-hour cache, and most of their cards lack its rate: its tokens would cost the five-minute rate, 37 % too little.",
    // "1-hour cache write tokens are 2 times the base input tokens price." Every card of the catalogue that
    // has the rate has exactly that, among them Bedrock's global and regional Claude Opus 5.5.
    source: "https://platform.claude.com/docs/en/about-claude/pricing#prompt-caching",
    cell: "cache_write_1h",
    applies: (provider, model) =>
      (provider === "aws" || provider === "google") && model.includes("claude"),
    make({ input, cache_write }) {
      if (input === undefined || cache_write === undefined) return undefined;
      return { rate: timesRate(input.rate, 2n), source: overlaySource, effective: input.effective };
    },
  },
];

const hourMillis = 3_600_000;
const dayMillis = 24 * hourMillis;

const clockRows: readonly ClockRow[] = [
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

/** The cells with those that a row adds. What the catalogue states is never replaced. */
export function withOverlay(provider: string, model: string, cells: Cells): Cells {
  let all = cells;
  for (const row of cellRows) {
    if (all[row.cell] !== undefined || !row.applies(provider, model)) continue;
    const cell = row.make(all);
    if (cell !== undefined) all = { ...all, [row.cell]: cell };
  }
  return all;
}

/** The instant to ask the catalogue at, or `undefined` where it needs no other than the call's. */
export function overlayClock(
  provider: string,
  model: string,
): ((millis: number) => number) | undefined {
  return clockRows.find((row) => row.applies(provider, model))?.instant;
}

/** Every row's reason and source, for those who want to know what the catalogue was completed with. */
export const overlayRows: readonly { readonly reason: string; readonly source: string }[] = [
  ...cellRows,
  ...clockRows,
].map(({ reason, source }) => ({ reason, source }));
