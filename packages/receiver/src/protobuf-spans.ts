import { clampMicros, type SpanId, type TraceId, type UnixMicros } from "@spancost/records";
import { limits, toName } from "./limits.ts";
import type { Problems } from "./problems.ts";
import type { ProtobufAttributes } from "./protobuf-attributes.ts";
import { bytesTag, fixed64Tag, type ProtobufReader, varintTag } from "./protobuf-reader.ts";
import { type TextTable, Use } from "./text-table.ts";
import { WireId } from "./wire-id.ts";
import { noEvents, type WireSpan } from "./wire-span.ts";

// Source: opentelemetry-proto, opentelemetry/proto/trace/v1/trace.proto
const spanTags = {
  traceId: bytesTag(1),
  spanId: bytesTag(2),
  parentSpanId: bytesTag(4),
  name: bytesTag(5),
  kind: varintTag(6),
  start: fixed64Tag(7),
  end: fixed64Tag(8),
  attributes: bytesTag(9),
  events: bytesTag(11),
  status: bytesTag(15),
} as const;
const eventTags = { name: bytesTag(2) } as const;
const statusTags = { code: varintTag(3) } as const;

const lastKind = 5;
const statusError = 2;

/** Reads the spans of one request. */
export class ProtobufSpans {
  readonly #reader: ProtobufReader;
  readonly #attributes: ProtobufAttributes;
  readonly #texts: TextTable;
  readonly #problems: Problems;
  readonly #traceId: WireId;
  readonly #spanId: WireId;
  readonly #parentId: WireId;

  constructor(
    reader: ProtobufReader,
    attributes: ProtobufAttributes,
    texts: TextTable,
    problems: Problems,
  ) {
    this.#reader = reader;
    this.#attributes = attributes;
    this.#texts = texts;
    this.#problems = problems;
    this.#traceId = new WireId(reader, 16);
    this.#spanId = new WireId(reader, 8);
    this.#parentId = new WireId(reader, 8);
  }

  /** Reads the span that comes next into `span`, but for its scope and resource; `false` where it is refused. */
  read(span: WireSpan): boolean {
    const reader = this.#reader;
    const spanStart = reader.position;
    const scopeSpansEnd = reader.enter();
    const { attributes } = span;
    attributes.clear(reader);
    this.#traceId.clear();
    this.#spanId.clear();
    this.#parentId.clear();
    let name = "";
    let kind = 0;
    let failed = false;
    let startedAt = 0 as UnixMicros;
    let endedAt = 0 as UnixMicros;
    let eventNames: string[] | undefined;
    while (reader.more()) {
      const tag = reader.tag();
      switch (tag) {
        case spanTags.attributes:
          this.#attributes.readAll(tag, attributes);
          break;
        case spanTags.traceId:
          this.#traceId.take();
          break;
        case spanTags.spanId:
          this.#spanId.take();
          break;
        case spanTags.parentSpanId:
          this.#parentId.take();
          break;
        case spanTags.name:
          name = this.#name(Use.spanName);
          break;
        case spanTags.kind:
          reader.varint();
          kind = reader.low <= lastKind && reader.high === 0 ? reader.low : 0;
          break;
        case spanTags.start:
          startedAt = this.#time();
          break;
        case spanTags.end:
          endedAt = this.#time();
          break;
        case spanTags.events:
          eventNames = this.#event(eventNames ?? []);
          break;
        case spanTags.status:
          failed = this.#status(failed);
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.leave(scopeSpansEnd);
    const traceId = this.#traceId.text();
    if (traceId === undefined) return this.#reject("trace_id", this.#traceId, spanStart);
    const spanId = this.#spanId.text();
    if (spanId === undefined) return this.#reject("span_id", this.#spanId, spanStart);
    span.traceId = traceId as TraceId;
    span.spanId = spanId as SpanId;
    span.parentSpanId = this.#parent(spanStart);
    span.name = name;
    span.kind = kind;
    span.failed = failed;
    span.startedAt = startedAt;
    span.endedAt = endedAt;
    span.eventNames = eventNames ?? noEvents;
    return true;
  }

  /** A span with a parent that cannot be is kept as a root: its cost counts all the same. */
  #parent(spanStart: number): SpanId | undefined {
    const { isMissing, hasRightLength } = this.#parentId;
    if (!isMissing && !hasRightLength) {
      this.#problems.warn(
        "parent_span_id is not 8 bytes: span kept without parent",
        this.#reader.place(spanStart),
      );
    }
    return this.#parentId.text() as SpanId | undefined;
  }

  #reject(field: string, id: WireId, spanStart: number): false {
    const fault = id.hasRightLength ? "is all zeros" : `has ${id.length} bytes, not ${id.wanted}`;
    this.#problems.reject(`${field} ${fault}`, this.#reader.place(spanStart));
    return false;
  }

  /** Nanoseconds in two halves as microseconds: 2^32 ns are 4,294,967 µs and 296 ns. */
  #time(): UnixMicros {
    const reader = this.#reader;
    const start = reader.advance(8);
    const low = reader.view.getUint32(start, true);
    const high = reader.view.getUint32(start + 4, true);
    return clampMicros(high * 4_294_967 + Math.floor((high * 296 + low) / 1000));
  }

  #name(use: number): string {
    const reader = this.#reader;
    const start = reader.field();
    const end = Math.min(reader.position, start + limits.nameBytes);
    return toName(this.#texts.at(reader, start, end, use));
  }

  #event(names: string[]): string[] {
    const reader = this.#reader;
    const spanEnd = reader.enter();
    let name = "";
    while (reader.find(eventTags.name)) name = this.#name(Use.eventName);
    reader.leave(spanEnd);
    if (names.length < limits.eventsPerSpan) names.push(name);
    return names;
  }

  #status(failedBefore: boolean): boolean {
    const reader = this.#reader;
    const spanEnd = reader.enter();
    let failed = failedBefore;
    while (reader.find(statusTags.code)) {
      reader.varint();
      failed = reader.low === statusError;
    }
    reader.leave(spanEnd);
    return failed;
  }
}
