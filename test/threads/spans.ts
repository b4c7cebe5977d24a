import type { OtlpAttribute, OtlpRequest, OtlpSpan, OtlpValue } from "@spancost/receiver";

/** What an emitter puts into an attribute. Whole numbers are sent as integers, others as doubles. */
export type Value = string | number | boolean | readonly string[];

export type Attributes = Readonly<Record<string, Value>>;

/** What is not the same for every span of an emitter. */
export interface More {
  /** Server or client where it says so; else internal, as frameworks send their spans. */
  readonly kind?: "server" | "client";
  readonly failed?: boolean;
  /** Which trace, from 1. */
  readonly trace?: number;
  /** Of the resource. */
  readonly service?: string;
  readonly release?: string;
  /** When the trace began. RFC 3339 or a date. */
  readonly day?: string;
}

/** A span on its way to the receiver, with what OTLP puts around it. */
export interface Sent {
  readonly scope: { readonly name: string; readonly version?: string };
  readonly service: string;
  readonly release: string;
  readonly span: OtlpSpan;
}

/** Writes spans as one emitter does: `place` "3<1" is span 3 below span 1, times are ms since the trace began. */
export type Emitter = (
  place: string,
  [from, to]: readonly [number, number],
  name: string,
  attributes: Attributes,
  more?: More,
) => Sent;

const kinds = { internal: 1, server: 2, client: 3 } as const;

/** `scope` is "name" or "name version", as the emitter names itself. */
export function emitter(scope: string, always: More = {}): Emitter {
  const [name = "", version] = scope.split(" ");
  return (place, [from, to], spanName, attributes, more = {}) => {
    const { kind, failed, trace, service, release, day } = { ...always, ...more };
    const [own = "", parent] = place.split("<");
    const start = Date.parse(day ?? "2026-11-10T09:00:00Z");
    return {
      scope: version === undefined ? { name } : { name, version },
      service: service ?? "support-api",
      release: release ?? "1.42.0",
      span: {
        traceId: traceId(trace),
        spanId: spanId(own),
        ...(parent === undefined ? {} : { parentSpanId: spanId(parent) }),
        name: spanName,
        kind: kinds[kind ?? "internal"],
        startTimeUnixNano: nanos(start + from),
        endTimeUnixNano: nanos(start + to),
        attributes: otlpAttributes(attributes),
        status: { code: failed === true ? 2 : 0 },
      },
    };
  };
}

/** The HTTP server's span at the root of a request, where people put what a call belongs to. */
export const web = emitter("@opentelemetry/instrumentation-http 0.210.0", { kind: "server" });

/** A POST to a model's API as the instrumentation of `fetch` tells it. */
export function post(place: string, at: readonly [number, number], status: number, more?: More) {
  const attributes = {
    "http.request.method": "POST",
    "url.full": "https://api.openai.com/v1/chat/completions",
    "http.response.status_code": status,
  };
  return emitter("@opentelemetry/instrumentation-undici 0.20.0", { kind: "client" })(
    place,
    at,
    "POST",
    attributes,
    { failed: status >= 400, ...more },
  );
}

export function traceId(trace = 1): string {
  return trace.toString(16).padStart(32, "0");
}

export function spanId(short: string): string {
  return short.padStart(16, "0");
}

/** One export request: spans of one scope of one service together, in the order in which they came. */
export function requestOf(sent: readonly Sent[]): OtlpRequest {
  const resources = Map.groupBy(sent, ({ service, release }) => `${service} ${release}`);
  return {
    resourceSpans: [...resources.values()].map((ofResource) => ({
      resource: { attributes: resourceAttributes(ofResource) },
      scopeSpans: [...Map.groupBy(ofResource, ({ scope }) => JSON.stringify(scope)).values()].map(
        (ofScope) => ({
          scope: ofScope[0]?.scope ?? {},
          spans: ofScope.map(({ span }) => span),
        }),
      ),
    })),
  };
}

function resourceAttributes(sent: readonly Sent[]): readonly OtlpAttribute[] {
  const { service = "", release = "" } = sent[0] ?? {};
  return otlpAttributes({ "service.name": service, "service.version": release });
}

function otlpAttributes(attributes: Attributes): readonly OtlpAttribute[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

function otlpValue(value: Value): OtlpValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value !== "number") {
    return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
  }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function nanos(millis: number): string {
  return String(BigInt(Math.round(millis * 1000)) * 1000n);
}
