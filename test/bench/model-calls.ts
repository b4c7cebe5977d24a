import { encodeRequest, type OtlpAttribute, type OtlpSpan } from "@spancost/receiver";
import { promptText } from "./prompt-text.ts";
import { hex, sequence } from "./random.ts";

/** How requests of nothing but model calls are made. */
export interface CallShape {
  readonly requests: number;
  /** 512 is what an SDK's batch processor sends at most by default; 8 what a quiet service does. */
  readonly spansPerRequest: number;
  /** Whether each call has its prompt and its answer with it, some 3 kB of text. */
  readonly content: boolean;
}

/**
 * OTLP requests in protobuf whose every span is a model call of 20 attributes, 12 of them the GenAI conventions',
 * from two services with a resource of 12 attributes each, in traces of about ten spans.
 *
 * 800 bytes a span without content and 72 once they are gzipped; 4,000 and 960 with it. The same bytes in every run.
 */
export function* modelCalls({ requests, spansPerRequest, content }: CallShape): Generator<Buffer> {
  const random = sequence(7);
  let span = 0;
  for (let request = 0; request < requests; request += 1) {
    const services: [OtlpSpan[], OtlpSpan[]] = [[], []];
    for (let nth = 0; nth < spansPerRequest; nth += 1, span += 1) {
      const trace = Math.floor(span / 10);
      services[nth * 2 < spansPerRequest ? 0 : 1].push(callSpan(trace, span, random, content));
    }
    yield Buffer.from(
      encodeRequest({
        resourceSpans: services.map((spans, service) => ({
          resource: { attributes: resourceAttributes(service) },
          scopeSpans: [{ scope, spans }],
        })),
      }),
    );
  }
}

const scope = { name: "@opentelemetry/instrumentation-openai", version: "0.22.0" };

const start = Date.UTC(2026, 10, 1);
const models = ["gpt-5-mini-2025-08-07", "gpt-5-2025-08-07", "gpt-4o-2024-08-06", "gpt-4.1-mini"];

function callSpan(trace: number, span: number, random: () => number, content: boolean): OtlpSpan {
  const begun = (start + trace * 40) * 1000 + Math.floor(random() * 900_000);
  const ended = begun + 200_000 + Math.floor(random() * 3_000_000);
  return {
    // Ids are random bytes in real services, and no compressor can shorten them.
    traceId:
      hex(idOf(trace, 11), 8) +
      hex(idOf(trace, 12), 8) +
      hex(idOf(trace, 13), 8) +
      hex(trace + 1, 8),
    spanId: spanIdOf(span),
    ...(span % 10 !== 0 && { parentSpanId: spanIdOf(span - (span % 10)) }),
    name: `chat ${models[trace % 4]}`,
    kind: 3,
    startTimeUnixNano: `${begun}${String(Math.floor(random() * 1000)).padStart(3, "0")}`,
    endTimeUnixNano: `${ended}000`,
    attributes: callAttributes(trace, span, random, content),
    status: {},
  };
}

function spanIdOf(span: number): string {
  return hex(idOf(span, 21), 8) + hex(span + 1, 8);
}

/** 32 bits that look random and belong to `nth`. */
function idOf(nth: number, salt: number): number {
  let mixed = Math.imul(nth + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function callAttributes(trace: number, span: number, random: () => number, content: boolean) {
  const model = models[trace % 4] ?? "";
  const input = 400 + Math.floor(random() * 4000);
  return attributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model.replace(/-\d{4}-.*$/, ""),
    "gen_ai.request.max_tokens": 1024,
    "gen_ai.request.temperature": 0.2,
    ...(content && { "gen_ai.input.messages": promptText(random, 1500, 3000) }),
    "gen_ai.response.model": model,
    "gen_ai.response.id": `chatcmpl-${hex(idOf(span, 31), 8)}${hex(idOf(span, 32), 8)}${hex(idOf(span, 33), 8)}`,
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": 60 + Math.floor(random() * 900),
    "gen_ai.usage.cache_read.input_tokens": Math.floor(input / 2),
    "gen_ai.usage.reasoning.output_tokens": Math.floor(random() * 60),
    ...(content && { "gen_ai.output.messages": promptText(random, 500, 1000) }),
    "gen_ai.conversation.id": `conv_${hex(idOf(trace >> 2, 41), 8)}`,
    "server.address": "api.openai.com",
    "server.port": 443,
    "user.id": `u_${Math.floor(random() * 3000)}`,
    "app.feature": `feature-${trace % 12}`,
    "app.tenant": `tenant-${trace % 40}`,
    "http.response.status_code": 200,
    "thread.id": 7,
    "code.function.name": "answerQuestion",
  });
}

function resourceAttributes(service: number): OtlpAttribute[] {
  return attributes({
    "service.name": service === 0 ? "support-api" : "search-api",
    "service.version": "1.42.0",
    "deployment.environment.name": "prod",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.version": "2.12.0",
    "host.name": `host-${service}`,
    "host.arch": "amd64",
    "os.type": "linux",
    "process.pid": 812,
    "process.runtime.name": "nodejs",
    "process.runtime.version": "24.21.0",
  });
}

/** OTLP attributes of `values`: whole numbers as integers, others as doubles. */
export function attributes(values: Record<string, string | number>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : numberValue(value),
  }));
}

function numberValue(value: number) {
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}
