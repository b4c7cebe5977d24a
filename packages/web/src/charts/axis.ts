import { scaleLinear } from "d3-scale";

/** A linear axis of dollars from 0, or from the lowest value where there is one below it. */
export function dollarScale(values: readonly number[], range: readonly [number, number]) {
  const most = Math.max(0, ...values);
  const least = Math.min(0, ...values);
  return scaleLinear()
    .domain([least, most > least ? most : 1])
    .nice(4)
    .range([...range]);
}

/** "$12", "$1.50", "$0.002", "$1.2k": an axis needs no more digits than tell its ticks apart. */
export function dollarTick(value: number, step: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size >= 10_000) return `${sign}$${Number((size / 1000).toPrecision(3))}k`;
  const decimals = Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9)));
  return `${sign}$${size.toFixed(value === 0 ? 0 : decimals === 1 ? 2 : decimals)}`;
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Of an instant in UTC, the day where it begins and else the time by a clock of 24 hours. */
export function timeTick(millis: number): string {
  const text = new Date(millis).toISOString();
  if (text.slice(11, 16) !== "00:00") return text.slice(11, 16);
  return dayText(millis);
}

/** "20 Nov". */
export function dayText(millis: number): string {
  const date = new Date(millis);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}
