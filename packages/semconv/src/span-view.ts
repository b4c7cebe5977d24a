/** A value that an OpenTelemetry attribute may hold once it is decoded. Maps of values are not kept. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | readonly AttributeValue[]
  | undefined;

/** Attributes by name. A `Map` is one; so is a wrapper around an SDK span's plain object. */
export interface AttributeSource {
  get(key: string): AttributeValue;
  keys(): Iterable<string>;
  /** The same as `get` for the key of this number, in sources that find it faster so; see `KeyList`. */
  at?(number: number): AttributeValue;
  /** Those of `keys` that have no number, in sources that know them. */
  keysWithoutNumber?(): Iterable<string>;
}

/** The numbers of `SpanKind` in OTLP. */
export const SpanKind = {
  unspecified: 0,
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
} as const;

/**
 * What a dialect may look at: one span, without its place in the trace.
 *
 * The receiver makes it from OTLP, the instrumentation from the SDK's own span, so that both read alike.
 */
export interface SpanView {
  readonly name: string;
  /** One of `SpanKind`. */
  readonly kind: number;
  readonly failed: boolean;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly attributes: AttributeSource;
  readonly resource: AttributeSource;
  /** Names of the span's events, in order; an event's content is never looked at. */
  readonly eventNames: readonly string[];
}
