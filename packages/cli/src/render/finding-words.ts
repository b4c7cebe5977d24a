import type { Row } from "../envelope/envelope.ts";
import { moneyChange } from "./cells.ts";

/** How far the change of a finding is to be believed, by level. */
const words: Readonly<Record<string, string>> = {
  high: "sure",
  medium: "likely, though not how much",
  low: "may be chance, for it hangs on few requests or few days",
};

/** "+$29.89  (96.1 % of the change)"; of what others hide "+$3.53 hidden, −$3.96 in all". */
export function changeInWords(finding: Row, share: string): string {
  const change = moneyChange(finding["delta_usd"]);
  return isHidden(finding)
    ? `${moneyChange(finding["hidden_usd"])} hidden, ${change} in all`
    : `${change}${share}`;
}

/** Whether other factors saved most of what the mechanism of a finding cost, or more. */
export function isHidden({ hidden_usd: hidden }: Row): boolean {
  return (hidden ?? null) !== null;
}

/** "sure: +$12.10 to +$15.80 in 9 of 10 draws of its requests and days". */
export function confidenceInWords(finding: Row): string {
  const { level, low_usd: low, high_usd: high } = finding["confidence"] as Row;
  const range = `${moneyChange(low)} to ${moneyChange(high)}`;
  // The draws are of all that it cost: they say nothing of what is hidden in that.
  const word = isHidden(finding) ? "in all" : (words[String(level)] ?? String(level));
  return `${word}: ${range} in 9 of 10 draws of its requests and days`;
}
