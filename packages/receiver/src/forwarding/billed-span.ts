import { NameTable } from "../name-table.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";
import { reported, type SpanChanges, watchedKeys } from "./cost-attributes.ts";
import type { FieldCopier } from "./field-copier.ts";
import type { MessageWriter } from "./message-writer.ts";
import { keyValueTags, spanShape, spanTags } from "./wire.ts";

/** Where the value of an attribute is. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** The names of attributes that `BilledSpan` looks for, by their bytes. */
export function watchedNames(): NameTable<string> {
  return new NameTable((key) => (watchedKeys.has(key) ? key : undefined));
}

/** Copies a span with the changes that are due to what it cost. */
export class BilledSpan {
  readonly #changes: SpanChanges;
  readonly #names: NameTable<string>;
  /** The watched attributes that the span had. */
  readonly #seen = new Map<string, Place>();

  constructor(changes: SpanChanges, names: NameTable<string>) {
    this.#changes = changes;
    this.#names = names;
  }

  /** Copies the span that `reader` is in. */
  copy(reader: ProtobufReader, copier: FieldCopier, writer: MessageWriter): void {
    const { added, defaults, keepsReported } = this.#changes;
    copier.rest(spanShape, (attribute) => this.#stays(attribute));
    for (const [key, value] of added) writeAttribute(writer, key, value);
    for (const [key, value] of defaults) {
      if (!this.#seen.has(key)) writeAttribute(writer, key, value);
    }
    if (keepsReported) this.#copyReported(reader.bytes, writer);
  }

  #stays(reader: ProtobufReader): boolean {
    const outerEnd = reader.enter();
    let key: string | undefined;
    let start = 0;
    let end = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === keyValueTags.key) {
        const keyStart = reader.field();
        key = this.#names.find(reader, keyStart, reader.position);
      } else if (tag === keyValueTags.value) {
        start = reader.field();
        end = reader.position;
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outerEnd);
    if (key === undefined) return true;
    this.#seen.set(key, { start, end });
    return !this.#changes.removed.has(key);
  }

  /** Copies the sender's own cost to another name, unless one of us has been here before. */
  #copyReported(bytes: Buffer, writer: MessageWriter): void {
    const theirs = this.#seen.get(reported.from);
    const ours = this.#seen.get(reported.own);
    if (theirs === undefined || this.#seen.has(reported.to)) return;
    const isOurs =
      ours !== undefined &&
      bytes.compare(bytes, ours.start, ours.end, theirs.start, theirs.end) === 0;
    if (isOurs) return;
    writer.open(spanTags.attributes);
    writer.text(1, reported.to);
    writer.bytes(2, bytes.subarray(theirs.start, theirs.end));
    writer.close();
  }
}

function writeAttribute(writer: MessageWriter, key: string, value: number | string): void {
  writer.open(spanTags.attributes);
  writer.text(1, key);
  writer.open(keyValueTags.value);
  if (typeof value === "number") writer.double(4, value);
  else writer.text(1, value);
  writer.close();
  writer.close();
}
