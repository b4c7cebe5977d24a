import {
  type Resource,
  type Scope,
  type Span,
  type SpanReader,
  spanIdFromHex,
  traceIdFromHex,
} from "@spancost/records";
import { DecodeError } from "./decode-error.ts";
import { type Decoder, type DecoderOptions, readerOf } from "./decoder.ts";
import { JsonAttributes } from "./json-attributes.ts";
import { JsonPlace } from "./json-place.ts";
import { arrayAt, enumOf, type JsonObject, microsOf, objectAt, textOf } from "./json-values.ts";
import { limits, toName } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import type { Problems } from "./problems.ts";

// Source: opentelemetry-proto, opentelemetry/proto/trace/v1/trace.proto
const kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const statusCodes = ["UNSET", "OK", "ERROR"];
const statusError = 2;

/** Keys under which nothing is looked for, though the sender had spans or other signals there, and the right key. */
const mistakenKeys: ReadonlyMap<string, string> = new Map([
  ["resource_spans", "resourceSpans"],
  ["resourceMetrics", "resourceSpans"],
  ["resourceLogs", "resourceSpans"],
  ["scope_spans", "scopeSpans"],
  ["instrumentationLibrarySpans", "scopeSpans"],
  ["instrumentation_library_spans", "scopeSpans"],
]);

/**
 * OTLP/JSON → the same rows as from protobuf.
 *
 * What is not an array or an object where OTLP has one is refused; a field of another wrong type is taken as absent.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export class JsonDecoder<Row = Span> implements Decoder<Row> {
  readonly #keep: (key: string) => boolean;
  readonly #read: SpanReader<Row>;

  constructor(options: DecoderOptions<Row>) {
    this.#keep = (key) => options.keepAttribute(key);
    this.#read = readerOf(options);
  }

  batches(body: Uint8Array, problems: Problems, batchSpans: number): Generator<Row[], void> {
    return this.batchesOf(parseJson(body), problems, batchSpans);
  }

  /** As `batches`, from a request that has been parsed. */
  batchesOf(request: unknown, problems: Problems, batchSpans: number): Generator<Row[], void> {
    return new JsonRequest(this.#keep, problems).batches(request, this.#read, batchSpans);
  }
}

/** One request while it is being read. */
class JsonRequest {
  readonly #place = new JsonPlace();
  readonly #attributes: JsonAttributes;
  readonly #problems: Problems;

  constructor(keep: (key: string) => boolean, problems: Problems) {
    this.#attributes = new JsonAttributes(keep, problems, this.#place);
    this.#problems = problems;
  }

  *batches<Row>(
    request: unknown,
    read: SpanReader<Row>,
    batchSpans: number,
  ): Generator<Row[], void> {
    let rows: Row[] = [];
    for (const [resource, scopeSpans] of this.#scopes(request)) {
      const scope = scopeOf(this.#object(scopeSpans["scope"], "scope"));
      for (const [index, entry] of this.#array(scopeSpans["spans"], "spans").entries()) {
        this.#place.atSpan(index);
        const fields = this.#object(entry, "a span");
        const span = fields && this.#span(fields, scope, resource);
        if (span !== undefined && rows.push(read(span)) >= batchSpans) {
          yield rows;
          rows = [];
        }
      }
    }
    if (rows.length > 0) yield rows;
  }

  /** Every `ScopeSpans` with its resource. */
  *#scopes(document: unknown): Generator<[Resource, JsonObject]> {
    const request = this.#object(document, "the request");
    if (request === undefined) throw new DecodeError("the request is null, not an object");
    this.#warnOfMistakenKeys(request, "resourceSpans");
    for (const [i, entry] of this.#array(request["resourceSpans"], "resourceSpans").entries()) {
      this.#place.atResource(i);
      const resourceSpans = this.#object(entry, "an entry of resourceSpans") ?? {};
      this.#warnOfMistakenKeys(resourceSpans, "scopeSpans");
      const resource = this.#object(resourceSpans["resource"], "resource");
      const attributes = this.#attributes.read(resource?.["attributes"]);
      for (const [j, list] of this.#array(resourceSpans["scopeSpans"], "scopeSpans").entries()) {
        this.#place.atScope(j);
        yield [{ attributes }, this.#object(list, "an entry of scopeSpans") ?? {}];
      }
    }
  }

  #warnOfMistakenKeys(object: JsonObject, right: string): void {
    for (const key of Object.keys(object)) {
      if (mistakenKeys.get(key) !== right) continue;
      this.#problems.warn(`${key} ignored: OTLP/JSON has spans in ${right}`, `${this.#place}`);
    }
  }

  /** The span of `fields`, or `undefined` where it is refused. */
  #span(fields: JsonObject, scope: Scope, resource: Resource): Span | undefined {
    const traceId = traceIdFromHex(textOf(fields["traceId"]));
    if (traceId === undefined) return this.#reject("traceId", fields["traceId"], 32);
    const spanId = spanIdFromHex(textOf(fields["spanId"]));
    if (spanId === undefined) return this.#reject("spanId", fields["spanId"], 16);
    return {
      traceId,
      spanId,
      parentSpanId: this.#parentId(fields["parentSpanId"]),
      name: toName(textOf(fields["name"])),
      kind: enumOf(fields["kind"], kinds, "SPAN_KIND_"),
      failed: this.#failed(fields["status"]),
      startedAt: microsOf(fields["startTimeUnixNano"]),
      endedAt: microsOf(fields["endTimeUnixNano"]),
      attributes: this.#attributes.read(fields["attributes"]),
      eventNames: this.#eventNames(fields["events"]),
      scope,
      resource,
    };
  }

  /** A span with a parent that cannot be is kept as a root: its cost counts all the same. */
  #parentId(value: unknown): Span["parentSpanId"] {
    const id = spanIdFromHex(textOf(value));
    if (id === undefined && isGiven(value) && !isZeros(value, 16)) {
      this.#problems.warn(
        "parentSpanId is not 16 hex digits: span kept without parent",
        `${this.#place}`,
      );
    }
    return id;
  }

  #reject(field: string, id: unknown, digits: number): undefined {
    let fault = `is not ${digits} hex digits`;
    if (!isGiven(id)) fault = "is missing";
    else if (isZeros(id, digits)) fault = "is all zeros";
    this.#problems.reject(`${field} ${fault}`, `${this.#place}`);
    return undefined;
  }

  #failed(value: unknown): boolean {
    const status = this.#object(value, "status");
    return enumOf(status?.["code"], statusCodes, "STATUS_CODE_") === statusError;
  }

  #eventNames(value: unknown): readonly string[] {
    const names: string[] = [];
    for (const entry of this.#array(value, "events")) {
      const event = this.#object(entry, "an event");
      if (event === undefined) continue;
      if (names.length === limits.eventsPerSpan) break;
      names.push(toName(textOf(event["name"])));
    }
    return names;
  }

  #object(value: unknown, what: string): JsonObject | undefined {
    return objectAt(value, what, this.#place);
  }

  #array(value: unknown, what: string): readonly unknown[] {
    return arrayAt(value, what, this.#place);
  }
}

function scopeOf(scope: JsonObject | undefined): Scope {
  return { name: toName(textOf(scope?.["name"])), version: toName(textOf(scope?.["version"])) };
}

function isGiven(id: unknown): boolean {
  return id !== undefined && id !== null && id !== "";
}

function isZeros(id: unknown, digits: number): boolean {
  return typeof id === "string" && id.length === digits && /^0+$/.test(id);
}
