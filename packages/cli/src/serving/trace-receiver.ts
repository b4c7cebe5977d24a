import { createReceiver, GroupingSink, type Receiver } from "@spancost/receiver";
import { keepAttribute } from "@spancost/semconv";
import type { Pipeline } from "../wiring.ts";

/** A receiver that stores what it is sent, and how to wait for what it has taken. */
export interface TraceReceiver {
  readonly receiver: Receiver;
  /** Resolves once everything that was accepted is stored. */
  idle(): Promise<void>;
}

/** @param onError told of every failure that is not the sender's */
export function createTraceReceiver(
  { sink }: Pipeline,
  onError: (error: unknown) => void,
): TraceReceiver {
  const grouping = new GroupingSink(sink);
  const receiver = createReceiver({ keepAttribute, sink: grouping, onError });
  return { receiver, idle: () => grouping.idle() };
}
