import type { Row } from "../envelope/envelope.ts";
import { moneyChange } from "./cells.ts";

/** How far the change of a finding is to be believed, by level. */
const words: Readonly<Record<string, string>> = {
  high: "sure",
  medium: "likely, though not how much",
  low: "may be chance, for it hangs on few requests or few days",
};

/** "sure: +$12.10 to +$15.80 in 9 of 10 draws of its requests and days". */
export function confidenceInWords({ level, low_usd: low, high_usd: high }: Row): string {
  const range = `${moneyChange(low)} to ${moneyChange(high)}`;
  return `${words[String(level)] ?? String(level)}: ${range} in 9 of 10 draws of its requests and days`;
}
