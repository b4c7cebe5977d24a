import {
  type Answered,
  createReceiver,
  type Forwarder,
  GroupingSink,
  type Receiver,
  type SpanSink,
} from "@spancost/receiver";
import type { SpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import type { Pipeline } from "../wiring.ts";
import type { Access } from "./access.ts";
import { storeSink } from "./store-sink.ts";

/** A receiver that stores what it is sent, and how to wait for what it has taken. */
export interface TraceReceiver {
  readonly receiver: Receiver;
  /** Resolves once everything that was accepted is stored. */
  idle(): Promise<void>;
}

interface ReceivedBy extends Pick<Pipeline, "read" | "store"> {
  /** Left out: the store's. */
  readonly sink?: SpanSink<SpanFacts>;
}

/** What a span takes in memory once it is read, about: its texts are short. */
const factsBytes = 1_000;

/** @param onError told of every failure that is not the sender's */
export function createTraceReceiver(
  { read, store, sink = storeSink(store) }: ReceivedBy,
  onError: (error: unknown) => void,
  access: Access = { tokens: undefined, tls: undefined },
  forwarder?: Forwarder,
  onAnswer: (answered: Answered) => void = () => undefined,
): TraceReceiver {
  // A journal gathers what waits for the disk by itself.
  const grouping = store.hasJournal
    ? undefined
    : new GroupingSink(sink, { bytesOf: () => factsBytes });
  const receiver = createReceiver<SpanFacts>({
    keepAttribute,
    read,
    sink: grouping ?? sink,
    ...access,
    onStored:
      forwarder &&
      (({ rows, sender, ...request }) =>
        forwarder.offer({ ...request, facts: rows, team: sender.team })),
    onAnswer,
    onError,
  });
  return { receiver, idle: async () => grouping?.idle() };
}
