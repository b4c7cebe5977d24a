import type { Reader } from "../reading/reader.ts";
import { type Detection, detectSpike } from "./detect-spike.ts";
import { historyMillis, readHistory } from "./spend-history.ts";

/** Looks for a spike in the 24 hours before `until`, RFC 3339; `undefined` where no call is stored. */
export async function readDetection(reader: Reader, until: string): Promise<Detection | undefined> {
  const since = new Date(Date.parse(until) - historyMillis).toISOString();
  const history = await readHistory(reader, { since, until });
  return history && detectSpike(history);
}
