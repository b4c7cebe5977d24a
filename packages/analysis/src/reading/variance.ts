import { contextOfRow } from "./cells.ts";
import { type Reader, shareOf, type Variables } from "./reader.ts";
import { sampleOf } from "./sample.ts";

/** How much the cost of a context varies by chance; costs in micro-dollars. */
export interface Variance {
  /** Of the cost of a period; `undefined` where there were fewer than two to tell it from. */
  readonly ofPeriod: number | undefined;
  /** How many times the squared costs of requests are those of their calls, summed: 1 where each has one call. */
  readonly callsTogether: number;
}

/** By context. */
export type Variances = ReadonlyMap<string, Variance>;

/** An answer to `explain-variance`. @param calls of window and baseline */
export async function readVariances(
  reader: Reader,
  variables: Variables,
  calls: bigint,
): Promise<Variances> {
  const { rows } = await reader.ask("explain-variance", { ...variables, ...sampleOf(calls) });
  return new Map(
    rows.map((row) => {
      const ofPeriod = shareOf(row, "variance");
      const requests = shareOf(row, "request_squares") ?? 0;
      const ofCalls = shareOf(row, "call_squares") ?? 0;
      const variance = {
        ofPeriod: ofPeriod === undefined ? undefined : ofPeriod * 1e12,
        callsTogether: ofCalls > 0 ? Math.max(1, requests / ofCalls) : 1,
      };
      return [contextOfRow(row), variance] as const;
    }),
  );
}
