import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { Random } from "./random.ts";

/** Writes spans of one service in one release through the OpenTelemetry SDK. */
export class ServiceTracers {
  readonly #provider: BasicTracerProvider;

  constructor(service: string, release: string, random: Random, processor: SpanProcessor) {
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        "service.name": service,
        "service.version": release,
        "deployment.environment.name": "production",
        "telemetry.sdk.language": "nodejs",
      }),
      // Nothing of the environment that this process happens to run in: all spans, whole, with ids of our own.
      sampler: new AlwaysOnSampler(),
      spanLimits: { attributeCountLimit: 128, attributeValueLengthLimit: Number.POSITIVE_INFINITY },
      idGenerator: {
        generateTraceId: () => random.hex(32),
        generateSpanId: () => random.hex(16),
      },
      spanProcessors: [processor],
    });
  }

  tracer(scope: string, version: string) {
    return this.#provider.getTracer(scope, version);
  }
}

/** What makes a span: an instrumentation library. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/** Writes the spans of one request. Time passes where it is told to. */
export class Scribe {
  readonly #tracers: ServiceTracers;
  #context: Context = ROOT_CONTEXT;
  /** Milliseconds since 1970. */
  #now: number;

  constructor(tracers: ServiceTracers, now: number) {
    this.#tracers = tracers;
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  wait(millis: number): void {
    this.#now += millis;
  }

  /** A span that lasts as long as what is written within it. */
  span(
    scope: Scope,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    within: (span: Span) => void,
  ): void {
    const tracer = this.#tracers.tracer(scope.name, scope.version);
    const span = tracer.startSpan(name, { kind, attributes, startTime: this.#now }, this.#context);
    const around = this.#context;
    this.#context = trace.setSpan(around, span);
    within(span);
    this.#context = around;
    span.end(this.#now);
  }
}

/** Marks a span as failed, as instrumentations do. */
export function fail(span: Span, errorType: string): void {
  span.setAttribute("error.type", errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
