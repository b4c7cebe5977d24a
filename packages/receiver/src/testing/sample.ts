import type { OtlpRequest, OtlpSpan } from "../encode-request.ts";

/** A whole, valid span; what a test is about is given in `fields`. */
export function sampleSpan(fields: OtlpSpan = {}): OtlpSpan {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "00f067aa0ba902b7",
    name: "chat gpt-5-mini",
    kind: 3,
    startTimeUnixNano: "1763700001234567890",
    endTimeUnixNano: "1763700002000000000",
    attributes: [
      { key: "gen_ai.request.model", value: { stringValue: "gpt-5-mini" } },
      { key: "gen_ai.usage.input_tokens", value: { intValue: "1523" } },
    ],
    events: [{ name: "exception", timeUnixNano: "1763700001500000000" }],
    status: { code: 2, message: "cut off" },
    ...fields,
  };
}

/** A request of `spans` that one service and one library sent. */
export function sampleRequest(...spans: readonly OtlpSpan[]): OtlpRequest {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "support-api" } }] },
        scopeSpans: [{ scope: { name: "openai", version: "1.2.0" }, spans }],
      },
    ],
  };
}

/** `count` spans with ids of their own. */
export function sampleSpans(count: number): OtlpSpan[] {
  return Array.from({ length: count }, (_, index) =>
    sampleSpan({ spanId: (index + 1).toString(16).padStart(16, "0") }),
  );
}
