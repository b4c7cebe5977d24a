import { firstNumber, firstText, smallCount } from "./attributes.ts";
import type { AttributeSource, SpanView } from "./span-view.ts";
import { SpanKind } from "./span-view.ts";

/** Keys that HTTP facts are read from, of the stable and the old HTTP conventions. */
export const httpKeys = [
  "http.request.method",
  "http.method",
  "http.response.status_code",
  "http.status_code",
  "http.request.resend_count",
  "http.request.header.x-stainless-retry-count",
  "url.path",
  "url.full",
  "http.url",
  "http.target",
  "error.type",
];

/** Paths of the APIs that bill for tokens: OpenAI and compatible, Anthropic, Gemini and Vertex, Bedrock, Cohere. */
const modelPath =
  /(\/chat\/completions|\/completions|\/responses|\/embeddings|\/messages|:(stream)?generateContent|:embedContent|:predict|\/converse(-stream)?|\/invoke(-with-response-stream)?|\/v[12]\/(chat|embed|rerank))$/i;

/** True for the span of an HTTP request that this process sent. */
export function isHttpClient(span: SpanView): boolean {
  return span.kind === SpanKind.client && httpMethod(span.attributes) !== undefined;
}

function httpMethod(attributes: AttributeSource): string | undefined {
  return firstText(attributes, ["http.request.method", "http.method"]);
}

/** True for a POST to a model API. Only the path counts: gateways and test servers have any host. */
export function isModelRequest(attributes: AttributeSource): boolean {
  if (httpMethod(attributes) !== "POST") return false;
  const url = firstText(attributes, ["url.path", "url.full", "http.target", "http.url"]);
  return url !== undefined && modelPath.test(url.split("?", 1)[0] ?? "");
}

/** Status code of an HTTP span, 100 to 599. */
export function httpStatus(attributes: AttributeSource): number | undefined {
  const status = firstNumber(attributes, ["http.response.status_code", "http.status_code"]);
  return status !== undefined && status >= 100 && status <= 599 ? Math.trunc(status) : undefined;
}

/**
 * How often this request had been sent before, where the span says so.
 *
 * `x-stainless-retry-count` is what the OpenAI and Anthropic SDKs send with each attempt; an instrumentation
 * that captures request headers shows it.
 */
export function resendCount(attributes: AttributeSource): number | undefined {
  const resent = smallCount(attributes, "http.request.resend_count");
  if (resent !== undefined) return resent;
  const header = attributes.get("http.request.header.x-stainless-retry-count");
  const text = Array.isArray(header) ? header[0] : header;
  return typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
