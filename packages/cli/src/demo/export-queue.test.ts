import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { ExportQueue } from "./export-queue.ts";

const span = {} as ReadableSpan;

/** An exporter that counts, answers a little later, and fails from the `failing`th request on. */
class CountingExporter implements SpanExporter {
  readonly batches: number[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  readonly #failing: number;

  constructor(failing = Number.POSITIVE_INFINITY) {
    this.#failing = failing;
  }

  export(spans: ReadableSpan[], answer: (result: { code: number; error?: Error }) => void): void {
    this.batches.push(spans.length);
    const fails = this.batches.length >= this.#failing;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    setTimeout(() => {
      this.atOnce -= 1;
      answer(fails ? { code: 1, error: new Error("the disk is full") } : { code: 0 });
    }, 2);
  }

  async shutdown(): Promise<void> {}
}

test("every span is sent, in batches, with few requests at once", async () => {
  const exporter = new CountingExporter();
  const queue = new ExportQueue(exporter);
  for (let count = 0; count < 9_500; count += 1) {
    queue.onEnd(span);
    await queue.room();
  }
  await queue.shutdown();
  expect(queue.ended).toBe(9_500);
  expect(exporter.batches).toEqual([2_000, 2_000, 2_000, 2_000, 1_500]);
  expect(exporter.mostAtOnce).toBeLessThanOrEqual(2);
});

test("a request that fails is told to whoever writes spans", async () => {
  const queue = new ExportQueue(new CountingExporter(1));
  const write = async () => {
    for (let count = 0; count < 9_500; count += 1) {
      queue.onEnd(span);
      await queue.room();
    }
  };
  await expect(write()).rejects.toThrow("the disk is full");
});

test("the last request counts as well", async () => {
  const queue = new ExportQueue(new CountingExporter(1));
  queue.onEnd(span);
  await expect(queue.shutdown()).rejects.toThrow("the disk is full");
});
