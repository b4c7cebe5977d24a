import { encodeRequest, type OtlpSpan } from "@spancost/receiver";
import type { ForwardCounters } from "../../packages/receiver/src/forwarding/counters.ts";
import {
  createForwarder,
  type Forwarder,
  type ForwarderOptions,
} from "../../packages/receiver/src/forwarding/forwarder.ts";
import type { ForwardedRequest } from "../../packages/receiver/src/forwarding/request-queue.ts";
import { factsOf } from "./captured.ts";

/** A forwarder that is closed with its test, and what it said. */
export class Forwarding implements AsyncDisposable {
  readonly forwarder: Forwarder;
  readonly messages: string[] = [];

  constructor(addresses: string | readonly string[], options: Partial<ForwarderOptions> = {}) {
    const targets = [addresses].flat().map((address) => ({ address, content: "keep" as const }));
    this.forwarder = createForwarder({
      targets,
      onMessage: (message) => this.messages.push(message),
      ...options,
    });
  }

  /** Of the first destination. */
  get counters(): ForwardCounters {
    return this.forwarder.counters()[0] as ForwardCounters;
  }

  /** Offers a request of one model call for each number, all of one resource. */
  offer(...numbers: number[]): void {
    this.forwarder.offer(requestOf(...numbers));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forwarder.close(0);
  }
}

/** A request of one model call for each number, with the number as its id. */
export function requestOf(...numbers: number[]): ForwardedRequest {
  const spans = numbers.map(
    (number): OtlpSpan => ({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: `aaaaaaaa${number.toString(16).padStart(8, "0")}`,
      name: "chat gpt-5-mini",
      kind: 3,
      startTimeUnixNano: "1763700001234567890",
      endTimeUnixNano: "1763700002000000000",
      attributes: [
        { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
        { key: "gen_ai.provider.name", value: { stringValue: "openai" } },
        { key: "gen_ai.request.model", value: { stringValue: "gpt-5-mini" } },
        { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
        { key: "gen_ai.usage.output_tokens", value: { intValue: "100" } },
      ],
    }),
  );
  const body = encodeRequest({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  return { body, format: "protobuf", facts: factsOf(body) };
}
