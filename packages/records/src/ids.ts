declare const brand: unique symbol;

/** 32 lowercase hex digits, not all zero. Source: W3C Trace Context, trace-id. */
export type TraceId = string & { readonly [brand]: "TraceId" };

/** 16 lowercase hex digits, not all zero. Source: W3C Trace Context, parent-id. */
export type SpanId = string & { readonly [brand]: "SpanId" };

/** `hex` in any case as a trace id, or `undefined` where W3C calls it invalid. */
export function traceIdFromHex(hex: string): TraceId | undefined {
  return idFromHex(hex, 32) as TraceId | undefined;
}

/** `hex` in any case as a span id, or `undefined` where W3C calls it invalid. */
export function spanIdFromHex(hex: string): SpanId | undefined {
  return idFromHex(hex, 16) as SpanId | undefined;
}

const hexDigits = /^[0-9a-f]+$/;
const onlyZeros = /^0+$/;

function idFromHex(hex: string, digits: number): string | undefined {
  if (hex.length !== digits) return undefined;
  const id = hex.toLowerCase();
  return hexDigits.test(id) && !onlyZeros.test(id) ? id : undefined;
}
