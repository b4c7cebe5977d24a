import type { ForwardCounters } from "@spancost/receiver";
import { counter, type Family, gauge, type Sample } from "./family.ts";

/** No families where nothing is forwarded. */
export function forwardFamilies(counts: readonly ForwardCounters[]): Family[] {
  const each = (number: (count: ForwardCounters) => number): Sample[] =>
    counts.map((count) => ({
      labels: { destination: count.destination },
      value: number(count),
    }));
  return [
    counter(
      "spancost_forward_sent_spans_total",
      "Spans that the destination took.",
      each(({ sentSpans }) => sentSpans),
    ),
    counter(
      "spancost_forward_sent_requests_total",
      "Requests that it took.",
      each(({ sentRequests }) => sentRequests),
    ),
    counter(
      "spancost_forward_retries_total",
      "Requests that were sent again, or will be.",
      each(({ retries }) => retries),
    ),
    counter(
      "spancost_forward_dropped_spans_total",
      "Spans that were not forwarded, by reason; they are stored here all the same.",
      counts.flatMap(({ destination, droppedSpans }) =>
        Object.entries(droppedSpans).map(([reason, value]) => ({
          labels: { destination, reason },
          value,
        })),
      ),
    ),
    gauge(
      "spancost_forward_queued_spans",
      "Spans that wait or are being sent.",
      each(({ queuedSpans }) => queuedSpans),
    ),
    gauge(
      "spancost_forward_queued_bytes",
      "Memory that they take.",
      each(({ queuedBytes }) => queuedBytes),
    ),
  ];
}
