import type { Variables } from "./reader.ts";

/** Of so many calls all are looked at, of more as small a part, always the same one. */
const enoughCalls = 150_000;

/** The part of so many calls that says enough of how they vary and which values are dear, as queries take it. */
export function sampleOf(calls: bigint): Variables {
  return { one_of: String(Math.max(1, Math.floor(Number(calls) / enoughCalls))) };
}
