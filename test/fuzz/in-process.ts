import { createPriceBook } from "@spancost/pricing";
import { DecodeError, decodeRequest, JsonDecoder, ProtobufDecoder } from "@spancost/receiver";
import { type Span, type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { faultsOf } from "./check-facts.ts";
import type { Format } from "./inputs.ts";

/** What came of an input. */
export interface Result {
  /** Which way it went, without what differs from input to input. */
  readonly outcome: string;
  readonly ms: number;
  /** What must not happen. */
  readonly faults: readonly string[];
}

const prices = createPriceBook();
const read = (span: Span): SpanFacts => toSpanFacts(span, prices);

/** Decoders, the reading of spans and their pricing, as the receiver has them, on one input after the other. */
export class InProcess {
  readonly #format: Format;
  /** Used for all inputs, as in a receiver: what one leaves behind must not show in the next. */
  readonly #decoder: ReturnType<typeof decoderOf>;

  constructor(format: Format) {
    this.#format = format;
    this.#decoder = decoderOf(format);
  }

  run(input: Uint8Array): Result {
    const begun = performance.now();
    try {
      const { spans, rejected, problems } = decodeRequest(this.#decoder, input);
      const ms = performance.now() - begun;
      const faults = [...new Set(spans.flatMap(faultsOf))];
      if (rejected > 0 && problems.length === 0) faults.push("spans rejected without a reason");
      return { outcome: outcomeOf(spans, problems), ms, faults: [...faults, ...polluted()] };
    } catch (error) {
      const ms = performance.now() - begun;
      if (error instanceof DecodeError)
        return { outcome: `400 ${plain(error.message)}`, ms, faults: [] };
      return { outcome: "thrown", ms, faults: [`throws ${(error as Error).stack ?? error}`] };
    }
  }

  /** The same as a decoder that has seen nothing else makes of it. */
  isSameAfresh(input: Uint8Array): boolean {
    return textOf(this.#decoder, input) === textOf(decoderOf(this.#format), input);
  }
}

function decoderOf(format: Format) {
  const options = { keepAttribute, read };
  return format === "json" ? new JsonDecoder(options) : new ProtobufDecoder(options);
}

function textOf(decoder: ReturnType<typeof decoderOf>, input: Uint8Array): string {
  try {
    return JSON.stringify(decodeRequest(decoder, input), (_key, value: unknown) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Map ? [...value] : value;
    });
  } catch (error) {
    return String(error);
  }
}

function outcomeOf(spans: readonly SpanFacts[], problems: readonly string[]): string {
  const kinds = spans.slice(0, 8).map((span) => {
    const { node, dialect, usageQuality, usageIssue, unpricedReason } = span;
    return [node, dialect, usageQuality, usageIssue, unpricedReason]
      .map((part) => part ?? "")
      .join();
  });
  const parts = ["200", ...new Set(kinds), ...problems.slice(0, 3).map(plain)];
  return Buffer.from(parts.join(" | ")).toString();
}

/** Without numbers and quoted parts. A copy: a part of a string keeps all of it, and these are kept. */
function plain(message: string): string {
  const words = message
    .slice(0, 400)
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\[[^\]]*\]/g, "[…]")
    .replaceAll(/\d+/g, "n")
    .slice(0, 160);
  return Buffer.from(words).toString();
}

/** No input may reach the prototypes that all objects share. */
function polluted(): string[] {
  return "polluted" in {} ? ["the prototype of all objects was changed"] : [];
}
