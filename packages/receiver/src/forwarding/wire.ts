import { bytesTag, fixed64Tag, varintTag } from "../protobuf-reader.ts";

function fixed32Tag(field: number): number {
  return (field << 3) | 5;
}

/**
 * The fields of a message, by their tags. Those that are not named here are not known.
 *
 * Source: opentelemetry-proto, opentelemetry/proto/{collector/trace,trace,resource,common}/v1
 */
export interface Shape {
  /** Fields that hold neither attributes nor what people wrote. */
  readonly plain: ReadonlySet<number>;
  /** The field of its attributes. */
  readonly attributes?: number;
  /** Messages in it that are looked into. */
  readonly messages?: ReadonlyMap<number, Shape>;
}

const event: Shape = {
  plain: new Set([fixed64Tag(1), bytesTag(2), varintTag(4)]),
  attributes: bytesTag(3),
};

const link: Shape = {
  plain: new Set([bytesTag(1), bytesTag(2), bytesTag(3), varintTag(5), fixed32Tag(6)]),
  attributes: bytesTag(4),
};

/** Without its message, which mostly is an exception's. */
const status: Shape = { plain: new Set([varintTag(3)]) };

export const spanTags = {
  traceId: bytesTag(1),
  spanId: bytesTag(2),
  attributes: bytesTag(9),
} as const;

export const spanShape: Shape = {
  // Without its name, into which some emitters put content: what is kept of it is written instead.
  plain: new Set([
    spanTags.traceId,
    spanTags.spanId,
    // trace_state, parent_span_id, kind, start, end
    bytesTag(3),
    bytesTag(4),
    varintTag(6),
    fixed64Tag(7),
    fixed64Tag(8),
    // dropped attributes, events and links; flags
    varintTag(10),
    varintTag(12),
    varintTag(14),
    fixed32Tag(16),
  ]),
  attributes: spanTags.attributes,
  messages: new Map([
    [bytesTag(11), event],
    [bytesTag(13), link],
    [bytesTag(15), status],
  ]),
};

/** Field 3 has the names of attributes that tell resources apart. */
const resource: Shape = { plain: new Set([varintTag(2), bytesTag(3)]), attributes: bytesTag(1) };

const scope: Shape = {
  plain: new Set([bytesTag(1), bytesTag(2), varintTag(4)]),
  attributes: bytesTag(3),
};

/** Beside its resource spans: nothing. */
export const requestShape: Shape = { plain: new Set() };

export const requestTags = { resourceSpans: bytesTag(1) } as const;
export const resourceSpansTags = { scopeSpans: bytesTag(2) } as const;
export const scopeSpansTags = { spans: bytesTag(2) } as const;

/** Beside its scope spans. Field 3 is the URL of a schema. */
export const resourceSpansShape: Shape = {
  plain: new Set([bytesTag(3)]),
  messages: new Map([[bytesTag(1), resource]]),
};

/** Beside its spans. */
export const scopeSpansShape: Shape = {
  plain: new Set([bytesTag(3)]),
  messages: new Map([[bytesTag(1), scope]]),
};

/** Fields of `KeyValue` and `AnyValue`. */
export const keyValueTags = { key: bytesTag(1), value: bytesTag(2) } as const;
export const anyValueTags = {
  string: bytesTag(1),
  bool: varintTag(2),
  int: varintTag(3),
  double: fixed64Tag(4),
  array: bytesTag(5),
} as const;
export const arrayTags = { values: bytesTag(1) } as const;
