import { doubleOf, integerOf, textOf } from "../json-values.ts";
import { bytesTag } from "../protobuf-reader.ts";
import type { MessageWriter } from "./message-writer.ts";
import { asList, asObject } from "./otlp-json.ts";

/** Values within values that are written; readers of protobuf refuse a request that has some hundred. */
const deepest = 32;

/** Writes an array of `KeyValue` as field `field`. */
export function writeAttributes(
  writer: MessageWriter,
  field: number,
  attributes: unknown,
  depth: number,
): void {
  for (const entry of asList(attributes)) {
    const attribute = asObject(entry);
    if (attribute === undefined) continue;
    writer.open(bytesTag(field));
    const key = textOf(attribute["key"]);
    if (key !== "") writer.text(1, key);
    if (asObject(attribute["value"]) !== undefined) {
      writer.open(bytesTag(2));
      writeValue(writer, attribute["value"], depth);
      writer.close();
    }
    writer.close();
  }
}

/** The fields of an `AnyValue`. A value that cannot be, such as an integer that is none, is left empty. */
function writeValue(writer: MessageWriter, anyValue: unknown, depth: number): void {
  const value = asObject(anyValue);
  if (value === undefined || depth === deepest) return;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } =
    value;
  if (typeof stringValue === "string") writer.text(1, stringValue);
  else if (typeof boolValue === "boolean") writer.varint(2, Number(boolValue));
  else if (isGiven(intValue)) writeInteger(writer, integerOf(intValue));
  else if (isGiven(doubleValue)) writeDouble(writer, doubleOf(doubleValue));
  else if (typeof bytesValue === "string") writer.bytes(7, Buffer.from(bytesValue, "base64"));
  else if (isGiven(arrayValue)) {
    writer.open(bytesTag(5));
    for (const entry of asList(asObject(arrayValue)?.["values"])) {
      writer.open(bytesTag(1));
      writeValue(writer, entry, depth + 1);
      writer.close();
    }
    writer.close();
  } else if (isGiven(kvlistValue)) {
    writer.open(bytesTag(6));
    writeAttributes(writer, 1, asObject(kvlistValue)?.["values"], depth + 1);
    writer.close();
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What is no integer of 64 bits goes on as the double that it is. */
function writeInteger(writer: MessageWriter, value: number | bigint | undefined): void {
  if (value === undefined) return;
  const fits = typeof value === "bigint" || Number.isInteger(value);
  const whole = fits ? BigInt(value) : 0n;
  if (fits && BigInt.asIntN(64, whole) === whole) writer.int64(3, whole);
  else writer.double(4, Number(value));
}

function writeDouble(writer: MessageWriter, value: number | undefined): void {
  if (value !== undefined) writer.double(4, value);
}
