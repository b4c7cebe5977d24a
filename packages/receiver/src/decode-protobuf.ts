import type { Resource, Scope, Span, SpanReader } from "@spancost/records";
import { type Decoder, type DecoderOptions, readerOf } from "./decoder.ts";
import { type KeptKey, keptKeys } from "./kept-key.ts";
import { limits, toName } from "./limits.ts";
import type { NameTable } from "./name-table.ts";
import type { Problems } from "./problems.ts";
import { ProtobufAttributes } from "./protobuf-attributes.ts";
import { bytesTag, ProtobufReader } from "./protobuf-reader.ts";
import { ProtobufSpans } from "./protobuf-spans.ts";
import { TextTable, Use } from "./text-table.ts";
import { WireAttributes } from "./wire-attributes.ts";
import { ResourceAttributes, ResourceTable } from "./wire-resource.ts";
import { noScope, WireSpan } from "./wire-span.ts";

// Source: opentelemetry-proto, opentelemetry/proto/trace/v1/trace.proto
const requestTags = { resourceSpans: bytesTag(1) } as const;
const resourceSpansTags = {
  resource: bytesTag(1),
  scopeSpans: bytesTag(2),
  instrumentationLibrarySpans: bytesTag(1000),
} as const;
const resourceTags = { attributes: bytesTag(1) } as const;
const scopeSpansTags = { scope: bytesTag(1), spans: bytesTag(2) } as const;
const scopeTags = { name: bytesTag(1), version: bytesTag(2) } as const;

/**
 * `ExportTraceServiceRequest` in protobuf → rows.
 *
 * By hand, for it is the most frequent work of all. A span is read where it stands in the bytes: only what its reader
 * asks for becomes a value, and prompts are stepped over by their length. See docs/benchmarks.md for what that is worth.
 */
export class ProtobufDecoder<Row = Span> implements Decoder<Row> {
  readonly #memory: Memory;
  readonly #read: SpanReader<Row>;

  constructor(options: DecoderOptions<Row>) {
    const texts = new TextTable();
    this.#memory = {
      keys: keptKeys((key) => options.keepAttribute(key)),
      texts,
      resources: new ResourceTable(),
      span: new WireSpan(new WireAttributes(texts)),
    };
    this.#read = readerOf(options);
  }

  /** `origin` is where `body` begins in the file of which it is a part. */
  batches(
    body: Uint8Array,
    problems: Problems,
    batchSpans: number,
    origin = 0,
  ): Generator<Row[], void> {
    const reader = new ProtobufReader(body, origin);
    return new ProtobufRequest(reader, this.#memory, problems).batches(this.#read, batchSpans);
  }
}

/**
 * What a decoder keeps from one request to the next.
 *
 * `span` is used by all requests, also by several that are read in turns: a turn never ends within a span.
 */
interface Memory {
  readonly keys: NameTable<KeptKey>;
  readonly texts: TextTable;
  readonly resources: ResourceTable;
  readonly span: WireSpan;
}

/** One request while it is being read. */
class ProtobufRequest {
  readonly #reader: ProtobufReader;
  readonly #attributes: ProtobufAttributes;
  readonly #spans: ProtobufSpans;
  readonly #memory: Memory;
  readonly #problems: Problems;

  constructor(reader: ProtobufReader, memory: Memory, problems: Problems) {
    this.#reader = reader;
    this.#attributes = new ProtobufAttributes(reader, memory.keys, problems);
    this.#spans = new ProtobufSpans(reader, this.#attributes, memory.texts, problems);
    this.#memory = memory;
    this.#problems = problems;
  }

  *batches<Row>(read: SpanReader<Row>, batchSpans: number): Generator<Row[], void> {
    try {
      yield* this.#batches(read, batchSpans);
    } finally {
      this.#memory.span.attributes.release();
    }
  }

  *#batches<Row>(read: SpanReader<Row>, batchSpans: number): Generator<Row[], void> {
    const reader = this.#reader;
    const { span } = this.#memory;
    let rows: Row[] = [];
    while (reader.find(requestTags.resourceSpans)) {
      const requestEnd = reader.enter();
      const resource = this.#resource();
      while (reader.find(resourceSpansTags.scopeSpans)) {
        const resourceSpansEnd = reader.enter();
        const scope = this.#scope();
        while (reader.find(scopeSpansTags.spans)) {
          if (!this.#spans.read(span)) continue;
          span.scope = scope;
          span.resource = resource;
          if (rows.push(read(span)) >= batchSpans) {
            yield rows;
            rows = [];
          }
        }
        reader.leave(resourceSpansEnd);
      }
      reader.leave(requestEnd);
    }
    if (rows.length > 0) yield rows;
  }

  /** The resource of the `ResourceSpans` being read, wherever in it: fields may come in any order and in parts. */
  #resource(): Resource {
    const reader = this.#reader;
    const begin = reader.position;
    const parts: number[] = [];
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === resourceSpansTags.resource) parts.push(reader.field(), reader.position);
      else {
        if (tag === resourceSpansTags.instrumentationLibrarySpans) this.#warnOfOldField();
        reader.skip(tag);
      }
    }
    const resource = this.#resourceOf(parts);
    reader.position = begin;
    return resource;
  }

  /** The resource whose fields stand in `parts`: from, to, from, to, … */
  #resourceOf(parts: readonly number[]): Resource {
    const { resources } = this.#memory;
    const [start = 0, end = 0] = parts;
    if (parts.length !== 2) return this.#readResource(parts);
    const known = resources.find(this.#reader, start, end);
    if (known !== undefined) return known;
    const resource = this.#readResource(parts);
    resources.put(this.#reader, start, end, resource);
    return resource;
  }

  #readResource(parts: readonly number[]): Resource {
    const reader = this.#reader;
    const resourceSpansEnd = reader.end;
    const { attributes } = this.#memory.span;
    attributes.clear(reader);
    for (let i = 0; i < parts.length; i += 2) {
      reader.position = parts[i] as number;
      reader.end = parts[i + 1] as number;
      while (reader.find(resourceTags.attributes)) {
        this.#attributes.readAll(resourceTags.attributes, attributes);
      }
    }
    reader.end = resourceSpansEnd;
    return { attributes: new ResourceAttributes(attributes) };
  }

  #warnOfOldField(): void {
    this.#problems.warn(
      "instrumentation_library_spans ignored: OTLP has scope_spans in its place since 0.15",
      this.#reader.place(),
    );
  }

  /** The scope of the `ScopeSpans` being read, wherever in it. */
  #scope(): Scope {
    const reader = this.#reader;
    const start = reader.position;
    let { name, version } = noScope;
    while (this.#findScope()) {
      const scopeSpansEnd = reader.enter();
      while (reader.more()) {
        const tag = reader.tag();
        if (tag === scopeTags.name) name = this.#name();
        else if (tag === scopeTags.version) version = this.#name();
        else reader.skip(tag);
      }
      reader.leave(scopeSpansEnd);
    }
    reader.position = start;
    return { name, version };
  }

  #findScope(): boolean {
    this.#reader.skipAll(scopeSpansTags.spans);
    return this.#reader.find(scopeSpansTags.scope);
  }

  #name(): string {
    const reader = this.#reader;
    const start = reader.field();
    const end = Math.min(reader.position, start + limits.nameBytes);
    return toName(this.#memory.texts.at(reader, start, end, Use.scope));
  }
}
