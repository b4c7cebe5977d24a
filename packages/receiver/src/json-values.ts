import { clampMicros, type UnixMicros } from "@spancost/records";
import { DecodeError } from "./decode-error.ts";
import type { JsonPlace } from "./json-place.ts";

/** An object of parsed JSON. Only keys that OTLP names are ever read from it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * `value`, which is `what` at `place`, as an object; `undefined` where it is absent, which `null` is too.
 *
 * @throws DecodeError where it is something else: then the sender means another format.
 */
export function objectAt(value: unknown, what: string, place: JsonPlace): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new DecodeError(`${what} is not an object, at ${place}`);
  }
  return value as JsonObject;
}

/**
 * `value`, which is `what` at `place`, as an array, empty where it is absent.
 *
 * @throws DecodeError where it is something else.
 */
export function arrayAt(value: unknown, what: string, place: JsonPlace): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new DecodeError(`${what} is not an array, at ${place}`);
  return value;
}

/** A string field; a value of another type is as good as absent. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An enum by its number, which OTLP/JSON wants, or by its name, which some send; else 0, unspecified. */
export function enumOf(value: unknown, names: readonly string[], prefix: string): number {
  const number = typeof value === "string" && decimal.test(value) ? Number(value) : value;
  if (typeof number === "number") return names[number] === undefined ? 0 : number;
  return Math.max(
    0,
    names.findIndex((name) => `${prefix}${name}` === number),
  );
}

const decimal = /^\d{1,9}$/;
const integer = /^-?\d{1,20}$/;
const jsonNumber = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A 64-bit integer, sent as a string or a number: a number where it is exact, else a BigInt. */
export function integerOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined;
  if (typeof value !== "string") return undefined;
  if (!integer.test(value)) return doubleOf(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number + 0 : BigInt(value);
}

/** A double, sent as a number, as its decimal digits, or as one of the three names that JSON has no literal for. */
export function doubleOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  return jsonNumber.test(value) ? Number(value) : undefined;
}

/** Nanoseconds since 1970, sent as a string or a number, in microseconds; 0 where they are no time. */
export function microsOf(value: unknown): UnixMicros {
  if (typeof value === "string" && digits.test(value)) {
    return clampMicros(Number(value.slice(0, -3)));
  }
  const nanos = doubleOf(value) ?? 0;
  return clampMicros(Number.isNaN(nanos) ? 0 : Math.floor(nanos / 1000));
}

const digits = /^\d+$/;
