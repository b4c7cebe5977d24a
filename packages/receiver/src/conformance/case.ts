import type { Span } from "@spancost/records";
import { encodeRequest, type OtlpRequest, type OtlpSpan } from "../encode-request.ts";
import type { ProtobufWriter } from "../protobuf-writer.ts";
import { ProtobufWriter as Writer } from "../protobuf-writer.ts";
import type { BodyFormat } from "../request.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import type { Way } from "../testing/ways.ts";

/** A body in each format that a case is about. */
export interface Bodies {
  readonly protobuf?: Uint8Array;
  readonly json?: string;
}

/** One line of the checklist: what is sent, what is answered, and how many spans are stored then. */
export interface Case {
  /** Of the checklist, such as `A01`. */
  readonly id: string;
  /** What is so, as a sentence after the id. */
  readonly claim: string;
  /** What is sent; its spans are in the trace `traceId`, 32 lower-case hex digits, so that they can be counted. */
  readonly bodies: (traceId: string) => Bodies;
  /** Default a plain success. */
  readonly answer?: Answer;
  /** Spans stored. Default 1 where it is answered 200, else 0. */
  readonly stored?: number;
  /** Something of each stored span … */
  readonly look?: (span: Span) => unknown;
  /** … and what that is, span by span. */
  readonly seen?: readonly unknown[];
  /** The only format in which it can be said. */
  readonly only?: BodyFormat;
  /** Whether it is too large to be sent compressed too. */
  readonly plainOnly?: boolean;
}

/** What is answered: a partial success or a warning with 200, else an error. */
export interface Answer {
  readonly status: 200 | 400 | 413;
  /** Spans that are said to be refused. */
  readonly rejected?: number;
  /** What the message is like. */
  readonly message?: RegExp;
}

/** Whether `one` is sent in `way`. */
export function isSentIn(one: Case, way: Way): boolean {
  return (one.only ?? way.format) === way.format && !(one.plainOnly && way.encoding === "gzip");
}

/** The body of `one` for `way`, not yet packed. */
export function bodyOf(one: Case, way: Way, traceId: string): Buffer {
  const body = one.bodies(traceId)[way.format];
  if (body === undefined) throw new Error(`${one.id} ${one.claim}: no body in ${way.format}`);
  return Buffer.from(body as Uint8Array);
}

/** What `one` is answered: a plain success unless it says otherwise. */
export function answerOf({ answer = { status: 200 } }: Case): Answer {
  return answer;
}

/** The number of spans that are stored of `one`. */
export function storedOf(one: Case): number {
  return one.stored ?? (answerOf(one).status === 200 ? 1 : 0);
}

/** `request` in both formats. */
export function both(request: OtlpRequest): Bodies {
  return { protobuf: encodeRequest(request), json: JSON.stringify(request) };
}

/** `request` in JSON only, in which it may be anything. */
export function onlyJson(request: unknown): Bodies {
  return { json: JSON.stringify(request) };
}

/** Both formats of a request with one span of `fields`. */
export function oneSpan(fields: OtlpSpan = {}): Case["bodies"] {
  return (traceId) => both(sampleRequest(sampleSpan({ traceId, ...fields })));
}

/** A request in JSON with one span, whose `fields` may be of any type. */
export function oneJsonSpan(fields: Record<string, unknown>): Case["bodies"] {
  return (traceId) => onlyJson(sampleRequest({ ...sampleSpan({ traceId }), ...fields }));
}

/** A request in protobuf with one span, which has its ids and a name before what `write` adds. */
export function protobufSpan(write: (span: ProtobufWriter) => void): Case["bodies"] {
  return (traceId) => ({
    protobuf: new Writer()
      .message(1, (list) => list.message(2, (scope) => scope.message(2, withIds(traceId, write))))
      .finish(),
  });
}

/** What writes a span with its ids, a name, and what `write` adds. */
export function withIds(
  traceId: string,
  write: (span: ProtobufWriter) => void = () => undefined,
): (span: ProtobufWriter) => void {
  return (span) => {
    span.bytes(1, Buffer.from(traceId, "hex")).bytes(2, Buffer.alloc(8, 2)).text(5, "chat");
    write(span);
  };
}

/** What a span keeps under the attribute `key`. */
export function attribute(key: string): (span: Span) => unknown {
  return (span) => span.attributes.get(key);
}
