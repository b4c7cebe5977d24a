import { firstNumber, firstText, smallCount, textOf } from "./attributes.ts";
import { keyList } from "./key-list.ts";
import type { AttributeSource, SpanView } from "./span-view.ts";
import { SpanKind } from "./span-view.ts";

/** Keys that HTTP facts are read from, of the stable and the old HTTP conventions and of Micrometer. */
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
  "method",
  "status",
];

const methodKeys = keyList("http.request.method", "http.method");
const urlKeys = keyList("url.path", "url.full", "http.target", "http.url");
const statusKeys = keyList("http.response.status_code", "http.status_code");
/** How often the SDK says that it had sent this request before. */
export const resendKeys = keyList("http.request.resend_count");

/** Paths of the APIs that bill for tokens: OpenAI and compatible, Anthropic, Gemini and Vertex, Bedrock, Cohere. */
const modelPath =
  /(\/chat\/completions|\/completions|\/responses|\/embeddings|\/messages|:(stream)?generateContent|:embedContent|:(rawP|streamRawP|p)redict|:batchEmbedContents|\/converse(-stream)?|\/invoke(-with-response-stream)?|\/v[12]\/(chat|embed|rerank))$/i;

/** True for the span of an HTTP request that this process sent. */
export function isHttpClient(span: SpanView): boolean {
  return span.kind === SpanKind.client && httpMethod(span.attributes) !== undefined;
}

function httpMethod(attributes: AttributeSource): string | undefined {
  const method = firstText(attributes, methodKeys);
  return method ?? (isMicrometer(attributes) ? textOf(attributes, "method") : undefined);
}

/**
 * True for what Spring's clients say: their words for method and status mean nothing without the URL beside them.
 *
 * Source: Spring Framework reference, "Observability support", HTTP Client instrumentation.
 */
function isMicrometer(attributes: AttributeSource): boolean {
  return attributes.get("http.url") !== undefined && attributes.get("method") !== undefined;
}

/**
 * True for a POST to a model API. Only the path of the URL counts: gateways and test servers have any host.
 *
 * @param method in capitals, as HTTP has it
 * @param url whole, or its path alone
 */
export function isModelRequest(method: unknown, url: unknown): boolean {
  if (method !== "POST" || typeof url !== "string") return false;
  return modelPath.test(url.split("?", 1)[0] ?? "");
}

/** `isModelRequest` of the request that a span's attributes tell of. */
export function tellsModelRequest(attributes: AttributeSource): boolean {
  const url = firstText(attributes, urlKeys);
  return isModelRequest(httpMethod(attributes), url);
}

/** Status code of an HTTP span, 100 to 599. */
export function httpStatus(attributes: AttributeSource): number | undefined {
  const told = firstNumber(attributes, statusKeys);
  const status = told ?? (isMicrometer(attributes) ? Number(attributes.get("status")) : undefined);
  return status !== undefined && status >= 100 && status <= 599 ? Math.trunc(status) : undefined;
}

/**
 * How often this request had been sent before, where the span says so.
 *
 * `x-stainless-retry-count` is what the OpenAI and Anthropic SDKs send with each attempt; an instrumentation
 * that captures request headers shows it.
 */
export function resendCount(attributes: AttributeSource): number | undefined {
  const resent = smallCount(attributes, resendKeys);
  if (resent !== undefined) return resent;
  const header = attributes.get("http.request.header.x-stainless-retry-count");
  const text = Array.isArray(header) ? header[0] : header;
  return typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
