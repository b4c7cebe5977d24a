import type { AttributeValue } from "@spancost/semconv";
import type { JsonPlace } from "./json-place.ts";
import { arrayAt, doubleOf, integerOf, type JsonObject, objectAt, textOf } from "./json-values.ts";
import { limits } from "./limits.ts";
import type { Problems } from "./problems.ts";

const noAttributes: ReadonlyMap<string, AttributeValue> = new Map();

/** Reads the attributes of one request's spans and resources from parsed OTLP/JSON. */
export class JsonAttributes {
  readonly #keep: (key: string) => boolean;
  readonly #problems: Problems;
  readonly #place: JsonPlace;
  #entriesLeft = 0;

  constructor(keep: (key: string) => boolean, problems: Problems, place: JsonPlace) {
    this.#keep = keep;
    this.#problems = problems;
    this.#place = place;
  }

  /** The kept attributes of an array of `KeyValue`. */
  read(value: unknown): ReadonlyMap<string, AttributeValue> {
    let attributes: Map<string, AttributeValue> | undefined;
    for (const entry of arrayAt(value, "attributes", this.#place)) {
      const keyValue = objectAt(entry, "an attribute", this.#place);
      if (keyValue === undefined) continue;
      const key = textOf(keyValue["key"]).toWellFormed();
      if (key === "" || longerThan(key, limits.keyBytes) || !this.#keep(key)) continue;
      this.#entriesLeft = limits.arrayEntries;
      attributes ??= new Map();
      this.#set(attributes, key, this.#value(keyValue["value"], key, 0));
    }
    return attributes ?? noAttributes;
  }

  /** The last attribute of a name wins, also when its value is of a kind that is not kept. */
  #set(attributes: Map<string, AttributeValue>, key: string, value: AttributeValue): void {
    if (value === undefined) attributes.delete(key);
    else if (attributes.size < limits.attributesPerSpan || attributes.has(key)) {
      attributes.set(key, value);
    } else {
      this.#problems.warn(
        `attributes after number ${limits.attributesPerSpan} dropped`,
        `${this.#place}`,
      );
    }
  }

  #value(anyValue: unknown, key: string, depth: number): AttributeValue {
    const value = objectAt(anyValue, "an attribute's value", this.#place);
    if (value === undefined) return undefined;
    if (isGiven(value["stringValue"])) return this.#string(value["stringValue"], key);
    if (isGiven(value["intValue"])) return integerOf(value["intValue"]);
    if (isGiven(value["doubleValue"])) return doubleOf(value["doubleValue"]);
    if (isGiven(value["boolValue"])) return booleanOf(value["boolValue"]);
    const array = objectAt(value["arrayValue"], "an arrayValue", this.#place);
    return array === undefined ? undefined : this.#array(array, key, depth);
  }

  #string(value: unknown, key: string): string | undefined {
    if (typeof value !== "string") return undefined;
    const text = value.toWellFormed();
    if (!longerThan(text, limits.valueBytes)) return text;
    this.#problems.warn(
      `attribute ${JSON.stringify(key)} dropped: longer than ${limits.valueBytes} bytes`,
      `${this.#place}`,
    );
    return undefined;
  }

  #array(array: JsonObject, key: string, depth: number): AttributeValue {
    if (depth === limits.arrayDepth) return undefined;
    const entries: AttributeValue[] = [];
    for (const entry of arrayAt(array["values"], "an array's values", this.#place)) {
      if (this.#entriesLeft === 0) break;
      this.#entriesLeft -= 1;
      entries.push(this.#value(entry, key, depth + 1));
    }
    return entries;
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Whether `text` has more than `bytes` bytes of UTF-8; counted only where its length leaves that open. */
function longerThan(text: string, bytes: number): boolean {
  if (text.length * 3 <= bytes) return false;
  return text.length > bytes || Buffer.byteLength(text) > bytes;
}
