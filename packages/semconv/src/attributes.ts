import type { AttributeSource } from "./span-view.ts";

/** The first of `keys` that holds a non-empty text. */
export function firstText(source: AttributeSource, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = source.get(key);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** The first of `keys` that holds a number. */
export function firstNumber(source: AttributeSource, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = source.get(key);
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
  }
  return undefined;
}

/** `key` as a whole number from 0 to 2^31 - 1, which is what counts of attempts and steps are. */
export function smallCount(source: AttributeSource, key: string): number | undefined {
  const value = firstNumber(source, [key]);
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < 2 ** 31
    ? value
    : undefined;
}

/** A JSON object. Its members are looked at by name, and only those that hold usage or a tier. */
export type JsonObject = { readonly [member: string]: unknown };

/** `value` if it is a JSON object. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The JSON object in attribute `key`, or `undefined` where there is none or it does not parse. */
export function jsonObject(source: AttributeSource, key: string): JsonObject | undefined {
  const text = source.get(key);
  if (typeof text !== "string" || text[0] !== "{") return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Emitters cut long attributes off: what does not parse says nothing.
    return undefined;
  }
}
