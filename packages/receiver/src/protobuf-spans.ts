import {
  clampMicros,
  type Resource,
  type Scope,
  type Span,
  type SpanId,
  type TraceId,
  type UnixMicros,
} from "@spancost/records";
import { limits, toName } from "./limits.ts";
import type { Problems } from "./problems.ts";
import { type Attributes, noAttributes, type ProtobufAttributes } from "./protobuf-attributes.ts";
import { bytesTag, fixed64Tag, type ProtobufReader, varintTag } from "./protobuf-reader.ts";

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
const noEvents: readonly string[] = [];

/** Reads the spans of one request. */
export class ProtobufSpans {
  readonly #reader: ProtobufReader;
  readonly #attributes: ProtobufAttributes;
  readonly #problems: Problems;

  constructor(reader: ProtobufReader, attributes: ProtobufAttributes, problems: Problems) {
    this.#reader = reader;
    this.#attributes = attributes;
    this.#problems = problems;
  }

  /**
   * The span that comes next, or `undefined` where it is refused.
   *
   * One loop over local variables, long as it is: it runs for every span, and what is refused makes no object.
   */
  read(scope: Scope, resource: Resource): Span | undefined {
    const reader = this.#reader;
    const spanStart = reader.position;
    const scopeSpansEnd = reader.enter();
    let traceIdAt = 0;
    let traceIdLength = 0;
    let spanIdAt = 0;
    let spanIdLength = 0;
    let parentIdAt = 0;
    let parentIdLength = 0;
    let name = "";
    let kind = 0;
    let failed = false;
    let startedAt = 0 as UnixMicros;
    let endedAt = 0 as UnixMicros;
    let attributes: Attributes | undefined;
    let eventNames: string[] | undefined;
    while (reader.more()) {
      const tag = reader.tag();
      switch (tag) {
        case spanTags.attributes:
          attributes = this.#attributes.readInto(attributes);
          break;
        case spanTags.traceId:
          traceIdAt = reader.field();
          traceIdLength = reader.position - traceIdAt;
          break;
        case spanTags.spanId:
          spanIdAt = reader.field();
          spanIdLength = reader.position - spanIdAt;
          break;
        case spanTags.parentSpanId:
          parentIdAt = reader.field();
          parentIdLength = reader.position - parentIdAt;
          break;
        case spanTags.name:
          name = toName(reader.text(limits.nameBytes));
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
    const traceId = this.#id(traceIdAt, traceIdLength, 16);
    if (traceId === undefined) return this.#reject("trace_id", traceIdLength, 16, spanStart);
    const spanId = this.#id(spanIdAt, spanIdLength, 8);
    if (spanId === undefined) return this.#reject("span_id", spanIdLength, 8, spanStart);
    return {
      traceId: traceId as TraceId,
      spanId: spanId as SpanId,
      parentSpanId: this.#parentId(parentIdAt, parentIdLength, spanStart),
      name,
      kind,
      failed,
      startedAt,
      endedAt,
      attributes: attributes ?? noAttributes,
      eventNames: eventNames ?? noEvents,
      scope,
      resource,
    };
  }

  /** The id of `wanted` bytes as records writes it, or `undefined` where W3C calls it invalid. */
  #id(at: number, length: number, wanted: number): string | undefined {
    if (length !== wanted) return undefined;
    const { bytes } = this.#reader;
    for (let i = at; i < at + length; i += 1) {
      if (bytes[i] !== 0) return bytes.toString("hex", at, at + length);
    }
    return undefined;
  }

  /** A span with a parent that cannot be is kept as a root: its cost counts all the same. */
  #parentId(at: number, length: number, spanStart: number): SpanId | undefined {
    const id = this.#id(at, length, 8);
    if (id === undefined && length !== 0 && length !== 8) {
      this.#problems.warn(
        "parent_span_id is not 8 bytes: span kept without parent",
        this.#reader.place(spanStart),
      );
    }
    return id as SpanId | undefined;
  }

  #reject(field: string, length: number, wanted: number, spanStart: number): undefined {
    const fault = length === wanted ? "is all zeros" : `has ${length} bytes, not ${wanted}`;
    this.#problems.reject(`${field} ${fault}`, this.#reader.place(spanStart));
    return undefined;
  }

  /** Nanoseconds in two halves as microseconds: 2^32 ns are 4,294,967 µs and 296 ns. */
  #time(): UnixMicros {
    const reader = this.#reader;
    reader.fixed64();
    const { low, high } = reader;
    return clampMicros(high * 4_294_967 + Math.floor((high * 296 + low) / 1000));
  }

  #event(names: string[]): string[] {
    const reader = this.#reader;
    const spanEnd = reader.enter();
    let name = "";
    while (reader.find(eventTags.name)) name = toName(reader.text(limits.nameBytes));
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
