import { type Attributes, context, propagation, type Span, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { SpanCostProcessor, type SpancostOptions } from "@spancost/instrumentation";
import { AsyncLocalStorageContextManager } from "./context-manager.ts";

/** `SpanKind` of the SDK. */
export const kinds = { internal: 0, server: 1, client: 2, producer: 3 } as const;

export interface ServiceOptions extends SpancostOptions {
  readonly sampler?: Sampler;
  readonly attributeCountLimit?: number;
  /** What takes the place of spancost's own processor. */
  readonly processor?: SpanProcessor;
}

/** A service with an OpenTelemetry SDK, registered for the whole process until it is stopped. */
export class Service {
  readonly #exporter = new InMemorySpanExporter();
  readonly #provider: BasicTracerProvider;

  constructor({ sampler, attributeCountLimit, processor, ...options }: ServiceOptions = {}) {
    this.#provider = new BasicTracerProvider({
      ...(sampler === undefined ? {} : { sampler }),
      spanLimits: attributeCountLimit === undefined ? {} : { attributeCountLimit },
      spanProcessors: [
        processor ?? new SpanCostProcessor(options),
        new SimpleSpanProcessor(this.#exporter),
      ],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    trace.setGlobalTracerProvider(this.#provider);
  }

  /** Spans that were exported, in the order in which they ended. */
  get exported(): readonly { readonly name: string; readonly attributes: Attributes }[] {
    return this.#exporter.getFinishedSpans();
  }

  /** Attributes of the only exported span of `name`. */
  attributesOf(name: string): Attributes {
    const spans = this.exported.filter((span) => span.name === name);
    if (spans.length !== 1 || spans[0] === undefined) {
      throw new Error(`${spans.length} spans ${name}: ${this.exported.map((span) => span.name)}`);
    }
    return spans[0].attributes;
  }

  async stop(): Promise<void> {
    await this.#provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  }
}

const openai = "@opentelemetry/instrumentation-openai";

/** Starts the span of a call, as the official instrumentation of OpenAI does. */
export function startCall(name = "chat gpt-5-mini", attributes: Attributes = {}): Span {
  return trace.getTracer(openai).startSpan(name, {
    kind: kinds.client,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      ...attributes,
    },
  });
}

export const answered = {
  "gen_ai.response.model": "gpt-5-mini-2025-08-07",
  "gen_ai.usage.input_tokens": 1523,
  "gen_ai.usage.cache_read.input_tokens": 1024,
  "gen_ai.usage.output_tokens": 311,
};

/** Runs `fn` inside the span of a call, and ends it as one that was answered. */
export async function call<Result>(
  fn: () => Result | Promise<Result>,
  name?: string,
  attributes: Attributes = answered,
): Promise<Result> {
  const span = startCall(name);
  try {
    return await context.with(trace.setSpan(context.active(), span), fn);
  } finally {
    span.setAttributes(attributes);
    span.end();
  }
}
