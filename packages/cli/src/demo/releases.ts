import { hourMillis } from "../durations.ts";
import type { Service } from "./company.ts";
import type { Random } from "./random.ts";

/** A release replaces the one before it on one machine after the other. */
const rolloutMillis = hourMillis / 2;

/** A release of a service, and its place among them, from 0. */
export interface Release {
  readonly name: string;
  readonly ordinal: number;
}

/** The release that serves a request at `at`, milliseconds since 1970, in a demo that ends at `until`. */
export function releaseAt(service: Service, at: number, until: number, random: Random): Release {
  let ordinal = 0;
  for (const [index, hours] of service.releases.entries()) {
    const begins = until - hours * hourMillis;
    if (random.chance((at - begins) / rolloutMillis)) ordinal = index;
  }
  const begins = until - (service.releases[ordinal] ?? 0) * hourMillis;
  const day = new Date(begins).toISOString().slice(0, 10).replaceAll("-", ".");
  return { name: `${day}-${ordinal + 1}`, ordinal };
}
