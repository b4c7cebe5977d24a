import { type Attributes, type Span, SpanKind } from "@opentelemetry/api";
import type { Prompting } from "./company.ts";
import { type Model, models } from "./models.ts";
import type { Random } from "./random.ts";
import { fail, type Scope, type Scribe } from "./scribe.ts";

const clientScope: Scope = { name: "acme-llm-client", version: "3.2.0" };
const wrapperScope: Scope = { name: "acme-prompt-kit", version: "0.9.4" };
const httpScope: Scope = { name: "@opentelemetry/instrumentation-undici", version: "0.29.0" };

/** Tokens of a call, as the conventions count them: input includes caches, output includes reasoning. */
export interface CallUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What the calls of one request have in common. */
export interface CallSetting {
  readonly scribe: Scribe;
  readonly random: Random;
  readonly conversation: string;
}

/** Of all attempts, how many the provider refuses. */
const refused = 0.022;
const mostRetries = 3;

/** Sizes for one call, drawn around what its prompting says. */
export function drawUsage(prompting: Prompting, inputTokens: number, random: Random): CallUsage {
  const input = Math.round(random.around(inputTokens, 0.25));
  const warm = random.chance(0.93);
  const cacheable = Math.round(input * prompting.cachedShare * random.between(0.85, 1.1));
  const cached = Math.min(cacheable, Math.round(input * 0.97));
  const writes = models[prompting.model].provider === "anthropic" ? Math.round(cached * 0.08) : 0;
  const cacheRead = warm ? cached - writes : 0;
  const reasoning = Math.round(random.around(prompting.reasoningTokens ?? 0, 0.5));
  return {
    input,
    cacheRead,
    cacheWrite: writes === 0 ? 0 : cached - cacheRead,
    output: reasoning + Math.max(1, Math.round(random.around(prompting.outputTokens, 0.35))),
    reasoning,
  };
}

/** A chat call with the HTTP requests it took. @returns false where all of them were refused */
export function writeChat(
  setting: CallSetting,
  prompting: Prompting,
  usage: CallUsage,
  finishReason: "stop" | "tool_calls",
): boolean {
  const model = models[prompting.model];
  let answered = false;
  setting.scribe.span(
    clientScope,
    `chat ${model.name}`,
    SpanKind.CLIENT,
    requestAttributes("chat", model, setting.conversation),
    (span) => {
      answered = writeAttempts(setting, model, usage.output);
      if (!answered) return fail(span, "429");
      span.setAttributes(usageAttributes(usage));
      describeAnswer(span, model, setting.random, finishReason);
    },
  );
  return answered;
}

/** The same call told by a library around the client too. */
export function writeWrappedChat(
  setting: CallSetting,
  prompting: Prompting,
  usage: CallUsage,
): void {
  const model = models[prompting.model];
  setting.scribe.span(
    wrapperScope,
    `chat ${model.name}`,
    SpanKind.INTERNAL,
    requestAttributes("chat", model, setting.conversation),
    (span) => {
      setting.scribe.wait(setting.random.between(0.4, 2));
      if (writeChat(setting, prompting, usage, "stop")) span.setAttributes(usageAttributes(usage));
      else fail(span, "429");
      setting.scribe.wait(setting.random.between(0.2, 1));
    },
  );
}

/** An embedding of a question. */
export function writeEmbedding(setting: CallSetting, tokens: number): void {
  const model = models.embedding;
  const attributes = requestAttributes("embeddings", model, setting.conversation);
  setting.scribe.span(
    clientScope,
    `embeddings ${model.name}`,
    SpanKind.CLIENT,
    attributes,
    (span) => {
      if (!writeAttempts(setting, model, 0)) return fail(span, "429");
      span.setAttribute("gen_ai.response.model", model.answeredAs);
      span.setAttribute(
        "gen_ai.usage.input_tokens",
        Math.max(3, Math.round(setting.random.around(tokens, 0.5))),
      );
    },
  );
}

function requestAttributes(operation: string, model: Model, conversation: string): Attributes {
  return {
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": model.provider,
    "gen_ai.request.model": model.name,
    "gen_ai.conversation.id": conversation,
    "server.address": new URL(model.url).hostname,
  };
}

function usageAttributes(usage: CallUsage): Attributes {
  return {
    "gen_ai.usage.input_tokens": usage.input,
    "gen_ai.usage.cache_read.input_tokens": usage.cacheRead,
    "gen_ai.usage.cache_write.input_tokens": usage.cacheWrite,
    "gen_ai.usage.output_tokens": usage.output,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoning,
  };
}

function describeAnswer(span: Span, model: Model, random: Random, finishReason: string): void {
  span.setAttribute("gen_ai.response.model", model.answeredAs);
  span.setAttribute("gen_ai.response.id", `resp_${random.hex(24)}`);
  span.setAttribute("gen_ai.response.finish_reasons", [finishReason]);
}

/** The HTTP requests of one call. @returns whether the last of them was answered */
function writeAttempts(setting: CallSetting, model: Model, outputTokens: number): boolean {
  const { scribe, random } = setting;
  for (let attempt = 0; attempt <= mostRetries; attempt += 1) {
    const isRefused = random.chance(attempt === 0 ? refused : 0.3);
    writeHttp(setting, model, attempt, isRefused, () =>
      isRefused
        ? random.between(60, 350)
        : random.around(model.firstTokenMs + outputTokens * model.tokenMs, 0.2),
    );
    if (!isRefused) return true;
    scribe.wait(500 * 2 ** attempt * random.between(0.75, 1.25));
  }
  return false;
}

function writeHttp(
  { scribe, random }: CallSetting,
  model: Model,
  attempt: number,
  isRefused: boolean,
  millis: () => number,
): void {
  const { hostname, pathname } = new URL(model.url);
  const status = isRefused ? random.pick([429, 429, 503]) : 200;
  scribe.span(
    httpScope,
    "POST",
    SpanKind.CLIENT,
    {
      "http.request.method": "POST",
      "url.full": model.url,
      "url.path": pathname,
      "server.address": hostname,
      "http.response.status_code": status,
      ...(attempt > 0 && { "http.request.resend_count": attempt }),
    },
    (span) => {
      scribe.wait(millis());
      if (isRefused) fail(span, String(status));
    },
  );
}
