import { createPriceBook, usdFromNumber } from "@spancost/pricing";
import { createReceiver, type Receiver } from "@spancost/receiver";
import { keepSpan, type Span, type SpanFacts, toSpanFacts } from "@spancost/records";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createForwarder,
  type Forwarder,
} from "../../packages/receiver/src/forwarding/forwarder.ts";
import type { ContentMode } from "../../packages/receiver/src/forwarding/splice-spans.ts";
import { captures, factsOf, readCapture } from "./captured.ts";

const prices = createPriceBook();

/** A receiver that comes after another one: what it is sent, as it is and as it reads it. */
class Downstream {
  readonly spans: Span[] = [];
  readonly #receiver: Receiver = createReceiver({
    sink: {
      append: async (spans) => {
        this.spans.push(...spans);
      },
    },
    keepAttribute: () => true,
    read: keepSpan,
  });

  async listen(): Promise<string> {
    const { port } = await this.#receiver.listen("127.0.0.1", 0);
    return `http://127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  take(): Span[] {
    return this.spans.splice(0);
  }
}

describe.each<ContentMode>(["keep", "strip"])(
  "a receiver behind this one, content: %s",
  (content) => {
    const downstream = new Downstream();
    let forwarder: Forwarder;
    beforeAll(async () => {
      const address = await downstream.listen();
      forwarder = createForwarder({ targets: [{ address, content }] });
    });
    afterAll(async () => {
      await forwarder.close(1_000);
      await downstream.close();
    });

    /** What arrives of `capture`. */
    async function forwarded(capture: string, format: "pb" | "json"): Promise<Span[]> {
      const facts = factsOf(readCapture(capture));
      forwarder.offer({
        body: readCapture(capture, format),
        format: format === "pb" ? "protobuf" : "json",
        facts,
      });
      await vi.waitFor(() => expect(downstream.spans.length).toBe(facts.length), {
        timeout: 10_000,
        interval: 1,
      });
      return downstream.take();
    }

    test.each(captures)(
      "%s: every cost as this one knows it, to the twelfth decimal",
      async (capture) => {
        const facts = factsOf(readCapture(capture));
        const spans = await forwarded(capture, "pb");
        for (const [index, span] of spans.entries()) {
          const { traceId, spanId, node, servedFromCache, costUsd } = facts[index] as SpanFacts;
          expect([span.traceId, span.spanId]).toEqual([traceId, spanId]);
          const cost = node === "call" && !servedFromCache ? costUsd : undefined;
          for (const key of ["gen_ai.usage.cost", "spancost.cost.usd"]) {
            const value = span.attributes.get(key);
            expect(value === undefined ? undefined : usdFromNumber(value as number)).toBe(cost);
          }
        }
        expect(await forwarded(capture, "json")).toEqual(spans);
        // Without the texts that some emitters keep their counts in, there is less to price.
        if (content === "keep") {
          const read = spans.map((span) => toSpanFacts(span, prices));
          expect(read.map(withoutReported)).toEqual(facts.map(withoutReported));
        }
      },
    );
  },
);

/** A receiver before it has put the emitter's own cost aside. */
function withoutReported({ reportedCostUsd, ...rest }: SpanFacts): object {
  return rest;
}
