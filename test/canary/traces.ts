import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** OTLP/JSON as it is recorded, with the fields that spancost has no use for too. */
export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: Attribute[] };
  bytesValue?: string;
}

export interface Attribute {
  key: string;
  value?: AnyValue;
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name?: string;
  kind?: number;
  startTimeUnixNano?: string;
  endTimeUnixNano?: string;
  attributes?: Attribute[];
  events?: { name?: string; timeUnixNano?: string; attributes?: Attribute[] }[];
  links?: { traceId: string; spanId: string; traceState?: string; attributes?: Attribute[] }[];
  status?: { code?: number; message?: string };
}

export interface Request {
  resourceSpans: {
    resource?: { attributes?: Attribute[] };
    scopeSpans?: {
      scope?: { name?: string; version?: string; attributes?: Attribute[] };
      spans?: Span[];
      schemaUrl?: string;
    }[];
    schemaUrl?: string;
  }[];
}

/** A recorded request, and what recorded it. */
export interface Recorded {
  /** "aisdk5/generate-text" */
  readonly name: string;
  readonly emitter: string;
  readonly request: Request;
}

const captures = fileURLToPath(new URL("../captures/", import.meta.url));

export function recordedTraces(): readonly Recorded[] {
  return globSync("*/*.traces.otlp.json", { cwd: captures })
    .toSorted()
    .map((file) => ({
      name: file.replace(".traces.otlp.json", ""),
      emitter: file.split("/")[0] ?? "",
      request: JSON.parse(readFileSync(captures + file, "utf8")) as Request,
    }));
}

/** At most so many of each emitter, evenly over its scenarios: those whose names begin alike are of one kind. */
export function someOfEach(traces: readonly Recorded[], most: number): readonly Recorded[] {
  return [...Map.groupBy(traces, ({ emitter }) => emitter).values()].flatMap((its) => {
    const step = Math.max(1, its.length / most);
    return its.filter((_, nth) => Math.floor(nth % step) === 0);
  });
}

export function spansOf(request: Request): readonly Span[] {
  return request.resourceSpans.flatMap(({ scopeSpans }) =>
    (scopeSpans ?? []).flatMap(({ spans }) => spans ?? []),
  );
}

/** A copy whose traces are others: `number` takes the place of the first half of their ids. */
export function copyOf(request: Request, number: number): Request {
  const copy = structuredClone(request);
  const half = number.toString(16).padStart(16, "0");
  for (const span of spansOf(copy)) span.traceId = half + span.traceId.slice(16);
  return copy;
}
