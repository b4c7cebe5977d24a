import { doubleOf, type JsonObject } from "../json-values.ts";

/** `value` if it is an object. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** `value` if it is an array, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number of 32 bits, sent as a number or as its digits; 0 where it is none. */
export function smallOf(value: unknown): number {
  const number = doubleOf(value) ?? 0;
  return Number.isInteger(number) && number >= 0 && number < 2 ** 32 ? number : 0;
}

/** Nanoseconds since 1970, sent as digits or as a number; 0 where they are no time. */
export function nanosOf(value: unknown): bigint {
  if (typeof value === "string" && digits.test(value)) return inRange(BigInt(value));
  const nanos = doubleOf(value) ?? 0;
  return Number.isFinite(nanos) ? inRange(BigInt(Math.floor(nanos))) : 0n;
}

const digits = /^\d{1,20}$/;
const end = 2n ** 64n;

function inRange(nanos: bigint): bigint {
  return nanos >= 0n && nanos < end ? nanos : 0n;
}
