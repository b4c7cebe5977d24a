import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Forwarding, requestOf } from "./forwarding.ts";

const mebibyte = 1024 * 1024;
const requests = 100_000;
const spansPerRequest = 8;

test("100,000 requests to a dead endpoint take no more memory than the first thousands", async () => {
  await using forwarding = new Forwarding("http://127.0.0.1:1", {
    maxQueueBytes: 4 * mebibyte,
    maxWaitingBytes: 8 * mebibyte,
  });
  const numbers = Array.from({ length: spansPerRequest }, (_, number) => number);
  const { body, facts, format } = requestOf(...numbers);
  let settled = 0;
  for (let sent = 1; sent <= requests; sent += 1) {
    // A body of its own for each, as it is when they are received.
    forwarding.forwarder.offer({ body: Buffer.from(body), facts, format });
    if (sent % 500 === 0) await turn();
    if (sent === requests / 4) settled = process.memoryUsage().rss;
  }
  const grown = process.memoryUsage().rss - settled;
  const { queuedBytes, queuedSpans, droppedSpans, sentSpans } = forwarding.counters;
  expect(grown).toBeLessThan(100 * mebibyte);
  expect(queuedBytes).toBeLessThanOrEqual(4 * mebibyte);
  expect(sentSpans).toBe(0);
  expect(droppedSpans.queue_full).toBeGreaterThan(requests);
  expect(queuedSpans + droppedSpans.queue_full).toBeLessThanOrEqual(requests * spansPerRequest);
  expect(forwarding.messages.length).toBeLessThan(5);
  await forwarding.forwarder.close(2_000);
  const { droppedSpans: dropped } = forwarding.counters;
  expect(dropped.queue_full + dropped.shutdown).toBe(requests * spansPerRequest);
});
