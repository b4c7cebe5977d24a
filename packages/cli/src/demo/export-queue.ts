import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-base";

/** Spans in one request. */
const batchSpans = 2_000;
/** Requests under way at once: one is being stored while the next is being sent. */
const mostRequests = 2;

/**
 * Sends finished spans through an exporter. Unlike the SDK's own batch processor it never drops any: whoever
 * writes spans waits for room.
 */
export class ExportQueue implements SpanProcessor {
  readonly #exporter: SpanExporter;
  #waiting: ReadableSpan[] = [];
  readonly #requests = new Set<Promise<void>>();
  #failure: Error | undefined;
  #ended = 0;

  constructor(exporter: SpanExporter) {
    this.#exporter = exporter;
  }

  /** Spans that were finished, sent or not. */
  get ended(): number {
    return this.#ended;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#ended += 1;
    this.#waiting.push(span);
  }

  /** Sends what fills a request, and resolves once more can be written. @throws where a request failed */
  async room(): Promise<void> {
    while (this.#waiting.length >= batchSpans) await this.#send(batchSpans);
  }

  /** Resolves once everything is sent and answered. @throws where a request failed */
  async forceFlush(): Promise<void> {
    while (this.#waiting.length > 0) await this.#send(batchSpans);
    await Promise.all(this.#requests);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#exporter.shutdown();
  }

  async #send(spans: number): Promise<void> {
    const batch = this.#waiting.splice(0, spans);
    const request = this.#export(batch).finally(() => this.#requests.delete(request));
    this.#requests.add(request);
    while (this.#requests.size >= mostRequests) await Promise.race(this.#requests);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #export(batch: ReadableSpan[]): Promise<void> {
    return new Promise((resolve) => {
      this.#exporter.export(batch, ({ code, error }) => {
        // 0 is ExportResultCode.SUCCESS of @opentelemetry/core.
        if (code !== 0) this.#failure ??= error ?? new Error("the exporter gave no reason");
        resolve();
      });
    });
  }
}
