import type { SpanFacts } from "@spancost/records";
import type { NameTable } from "../name-table.ts";
import { ProtobufReader } from "../protobuf-reader.ts";
import { BilledSpan, watchedNames } from "./billed-span.ts";
import { ContentRule } from "./content-rule.ts";
import { changesOf } from "./cost-attributes.ts";
import { FactsInOrder } from "./facts-in-order.ts";
import { FieldCopier } from "./field-copier.ts";
import type { MessageWriter } from "./message-writer.ts";
import type { ForwardedRequest } from "./request-queue.ts";
import {
  requestShape,
  requestTags,
  resourceSpansShape,
  resourceSpansTags,
  scopeSpansShape,
  scopeSpansTags,
  spanShape,
  spanTags,
} from "./wire.ts";

/** Whether prompts and answers go on. */
export type ContentMode = "keep" | "strip";

/** `Span.name` in opentelemetry-proto. */
const nameField = 5;

type SplicedRequest = Pick<ForwardedRequest, "body" | "facts" | "team">;

/** Spans rewritten in one go, a few milliseconds of work; others have their turn between. */
const spansPerTurn = 2048;

/**
 * Copies requests in protobuf, with the cost of each call put on its span.
 *
 * All else is copied as it is, what is not known included; when content is stripped, only what is known goes on.
 * Spans that the receiver refused are left out: whoever comes after might refuse the whole request for them.
 */
export class SpanSplicer {
  readonly #names = watchedNames();
  readonly #rule: ContentRule | undefined;

  constructor(content: ContentMode) {
    this.#rule = content === "strip" ? new ContentRule() : undefined;
  }

  /**
   * Writes `request`, which is in protobuf, yielding now and then so that others have their turn.
   *
   * Returns how many spans were written.
   * @throws DecodeError where its body is no request; what was written of it is then void.
   */
  splice(request: SplicedRequest, writer: MessageWriter): Generator<void, number> {
    const reader = new ProtobufReader(request.body);
    const copier = new FieldCopier(reader, writer, this.#rule);
    return new Splice(reader, copier, writer, request, this.#names).request();
  }
}

/** One request while it is being copied. */
class Splice {
  readonly #reader: ProtobufReader;
  readonly #copier: FieldCopier;
  readonly #writer: MessageWriter;
  readonly #facts: FactsInOrder;
  readonly #team: string | undefined;
  readonly #names: NameTable<string>;
  #spans = 0;

  constructor(
    reader: ProtobufReader,
    copier: FieldCopier,
    writer: MessageWriter,
    { facts, team }: SplicedRequest,
    names: NameTable<string>,
  ) {
    this.#reader = reader;
    this.#copier = copier;
    this.#writer = writer;
    this.#facts = new FactsInOrder(facts);
    this.#team = team;
    this.#names = names;
  }

  *request(): Generator<void, number> {
    const reader = this.#reader;
    while (reader.more()) {
      const start = reader.position;
      const tag = reader.tag();
      if (tag === requestTags.resourceSpans) yield* this.#resourceSpans(tag);
      else this.#copier.field(tag, start, requestShape);
    }
    return this.#spans;
  }

  *#resourceSpans(ownTag: number): Generator<void, void> {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    this.#writer.open(ownTag, reader.end - reader.position);
    while (reader.more()) {
      const start = reader.position;
      const tag = reader.tag();
      if (tag === resourceSpansTags.scopeSpans) yield* this.#scopeSpans(tag);
      else this.#copier.field(tag, start, resourceSpansShape);
    }
    this.#writer.close();
    reader.leave(outerEnd);
  }

  *#scopeSpans(ownTag: number): Generator<void, void> {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    this.#writer.open(ownTag, reader.end - reader.position);
    while (reader.more()) {
      const start = reader.position;
      const tag = reader.tag();
      if (tag === scopeSpansTags.spans) {
        this.#span(tag, start);
        if (this.#spans % spansPerTurn === spansPerTurn - 1) yield;
      } else {
        this.#copier.field(tag, start, scopeSpansShape);
      }
    }
    this.#writer.close();
    reader.leave(outerEnd);
  }

  #span(ownTag: number, start: number): void {
    const reader = this.#reader;
    const fields = reader.position;
    const facts = this.#factsOfNext();
    if (facts === "refused") return;
    this.#spans += 1;
    const changes = facts === undefined ? undefined : changesOf(facts, this.#team);
    if (changes === undefined && this.#copier.isVerbatim) {
      this.#writer.copy(reader.bytes, start, reader.position);
      return;
    }
    reader.position = fields;
    const outerEnd = reader.enter();
    this.#writer.open(ownTag, reader.end - reader.position);
    // As it is kept, without the content that some emitters put into it.
    if (!this.#copier.isVerbatim && facts !== undefined) {
      this.#writer.text(nameField, facts.name);
    }
    if (changes === undefined) this.#copier.rest(spanShape);
    else new BilledSpan(changes, this.#names).copy(reader, this.#copier, this.#writer);
    this.#writer.close();
    reader.leave(outerEnd);
  }

  /** Steps over the span that comes next, and finds its facts. */
  #factsOfNext(): SpanFacts | undefined | "refused" {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    let traceIdAt = 0;
    let traceIdLength = 0;
    let spanIdAt = 0;
    let spanIdLength = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === spanTags.traceId) {
        traceIdAt = reader.field();
        traceIdLength = reader.position - traceIdAt;
      } else if (tag === spanTags.spanId) {
        spanIdAt = reader.field();
        spanIdLength = reader.position - spanIdAt;
      } else {
        reader.skip(tag);
      }
    }
    reader.leave(outerEnd);
    if (traceIdLength !== 16 || spanIdLength !== 8) return "refused";
    const { bytes } = reader;
    const traceId = bytes.toString("hex", traceIdAt, traceIdAt + 16);
    const spanId = bytes.toString("hex", spanIdAt, spanIdAt + 8);
    if (traceId === noTrace || spanId === noSpan) return "refused";
    return this.#facts.of(traceId, spanId);
  }
}

const noTrace = "0".repeat(32);
const noSpan = "0".repeat(16);
