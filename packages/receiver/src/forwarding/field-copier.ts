import type { ProtobufReader } from "../protobuf-reader.ts";
import type { ContentRule } from "./content-rule.ts";
import type { MessageWriter } from "./message-writer.ts";
import type { Shape } from "./wire.ts";

/** Steps over the attribute that comes next, and tells whether it goes on. */
export type AttributeFilter = (reader: ProtobufReader) => boolean;

/** Copies fields from a reader to a writer; with a rule, without the content among them. */
export class FieldCopier {
  readonly #reader: ProtobufReader;
  readonly #writer: MessageWriter;
  readonly #rule: ContentRule | undefined;

  constructor(reader: ProtobufReader, writer: MessageWriter, rule: ContentRule | undefined) {
    this.#reader = reader;
    this.#writer = writer;
    this.#rule = rule;
  }

  /** Whether all that is copied stays as it is. */
  get isVerbatim(): boolean {
    return this.#rule === undefined;
  }

  /** Copies the rest of the message being read, without the attributes that `filter` holds back. */
  rest(shape: Shape, filter?: AttributeFilter): void {
    const reader = this.#reader;
    // Fields that stay and stand side by side are copied at once.
    let from = reader.position;
    while (reader.more()) {
      const start = reader.position;
      const tag = reader.tag();
      const nested = this.#rule === undefined ? undefined : shape.messages?.get(tag);
      if (nested === undefined && this.#stays(tag, shape, filter)) continue;
      this.#writer.copy(reader.bytes, from, start);
      if (nested !== undefined) this.#message(tag, nested);
      from = reader.position;
    }
    this.#writer.copy(reader.bytes, from, reader.position);
  }

  /** Copies the field that began at `start` and whose tag has been read. */
  field(tag: number, start: number, shape: Shape): void {
    const reader = this.#reader;
    const nested = this.#rule === undefined ? undefined : shape.messages?.get(tag);
    if (nested !== undefined) this.#message(tag, nested);
    else if (this.#stays(tag, shape, undefined)) {
      this.#writer.copy(reader.bytes, start, reader.position);
    }
  }

  #message(tag: number, shape: Shape): void {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    this.#writer.open(tag, reader.end - reader.position);
    this.rest(shape);
    this.#writer.close();
    reader.leave(outerEnd);
  }

  /** Steps over the field of `tag`, and tells whether it goes on. */
  #stays(tag: number, shape: Shape, filter: AttributeFilter | undefined): boolean {
    const reader = this.#reader;
    const rule = this.#rule;
    if (tag !== shape.attributes) {
      reader.skip(tag);
      return rule === undefined || shape.plain.has(tag);
    }
    if (filter !== undefined) {
      const start = reader.position;
      if (!filter(reader)) return false;
      if (rule === undefined) return true;
      reader.position = start;
    }
    if (rule !== undefined) return rule.keeps(reader);
    reader.skip(tag);
    return true;
  }
}
