import type { KeyList } from "./key-list.ts";
import type { AttributeSource, AttributeValue } from "./span-view.ts";

/** The text in attribute `key`, if it holds one that is not empty. */
export function textOf(source: AttributeSource, key: string): string | undefined {
  const value = source.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Names of attributes. What is looked up for every span is a `KeyList`, which is faster. */
export type Keys = readonly string[] | KeyList;

/** The first of `keys` that holds a non-empty text. */
export function firstText(source: AttributeSource, keys: Keys): string | undefined {
  const { numbers } = keys as Partial<KeyList>;
  if (numbers === undefined || source.at === undefined) return firstTextByName(source, keys);
  for (let i = 0; i < numbers.length; i += 1) {
    const value = source.at(numbers[i] as number);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

function firstTextByName(source: AttributeSource, keys: Keys): string | undefined {
  for (const key of keys) {
    const value = textOf(source, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The first of `keys` that holds a number. */
export function firstNumber(source: AttributeSource, keys: Keys): number | undefined {
  for (let i = 0; i < keys.length; i += 1) {
    const value = nth(source, keys, i);
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
  }
  return undefined;
}

/** The first of `keys` that holds anything. */
export function firstValue(source: AttributeSource, keys: Keys): AttributeValue {
  for (let i = 0; i < keys.length; i += 1) {
    const value = nth(source, keys, i);
    if (value !== undefined) return value;
  }
  return undefined;
}

function nth(source: AttributeSource, keys: Keys, index: number): AttributeValue {
  const { numbers } = keys as Partial<KeyList>;
  return numbers === undefined || source.at === undefined
    ? source.get(keys[index] as string)
    : source.at(numbers[index] as number);
}

/** A whole number from 0 to 2^31 - 1, which is what counts of attempts and steps are, in the first of `keys`. */
export function smallCount(source: AttributeSource, keys: Keys): number | undefined {
  const value = firstNumber(source, keys);
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
