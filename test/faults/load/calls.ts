import type { OtlpAttribute, OtlpRequest, OtlpSpan } from "@spancost/receiver";
import type { Counts } from "../../record/plan.ts";
import { listCost } from "../../services/list-prices.ts";

/** Spans of one trace: an agent's run and its calls. */
const spansPerTrace = 4;

const models = ["gpt-5-mini", "gpt-4.1-mini", "claude-haiku-4-5"] as const;

/** A model call, and what the provider bills for it. */
export interface BilledCall {
  readonly model: string;
  readonly counts: Counts;
  /** In 10^-12 USD, from the price list and by nothing of spancost's own. */
  readonly picoUsd: bigint;
}

/**
 * The spans of a campaign, by number from 1: what is in each follows from its number and the seed.
 *
 * So the same span can be sent again at any time, and what a database should hold needs no copy of what was sent.
 */
export class Calls {
  /** First half of every span id: tells this campaign's spans from others. */
  readonly tag: string;
  readonly #seed: number;
  /** Milliseconds since 1970 at which the first trace starts. */
  readonly #start: number;

  constructor(seed: number, start: number) {
    this.#seed = seed;
    this.#start = start;
    this.tag = hex(mixed(seed, 0x7a67), 8);
  }

  /** `undefined` for the spans that are no calls. */
  callOf(number: number): BilledCall | undefined {
    if ((number - 1) % spansPerTrace === 0) return undefined;
    const model = models[mixed(this.#seed, number) % models.length] ?? models[0];
    const random = (nth: number, below: number) => mixed(this.#seed + nth, number) % below;
    const cached = random(1, 900);
    const cacheWrite = model.startsWith("claude") ? random(2, 700) : 0;
    const output = random(3, 2_000);
    const counts: Counts = {
      input: 1 + random(4, 4_000) + cached + cacheWrite,
      cached,
      cacheWrite,
      cacheWrite1h: 0,
      output,
      reasoning: model === "gpt-5-mini" ? random(5, output + 1) : 0,
      inputAudio: 0,
      outputAudio: 0,
      webSearches: 0,
    };
    return { model, counts, picoUsd: BigInt(listCost(model, counts).replace(".", "")) };
  }

  /** An OTLP request with these spans, in this order. */
  request(numbers: readonly number[]): OtlpRequest {
    return {
      resourceSpans: [
        {
          resource: {
            attributes: attributes({
              "service.name": "ledger",
              "service.version": "1.0.0",
              "deployment.environment.name": "faults",
            }),
          },
          scopeSpans: [
            {
              scope: { name: "ledger-instrumentation", version: "1.0.0" },
              spans: numbers.map((number) => this.#span(number)),
            },
          ],
        },
      ],
    };
  }

  #span(number: number): OtlpSpan {
    const trace = Math.floor((number - 1) / spansPerTrace);
    const nth = (number - 1) % spansPerTrace;
    const first = trace * spansPerTrace + 1;
    const begun = this.#start + trace * 10;
    const call = this.callOf(number);
    return {
      traceId: `${this.tag}${hex(trace + 1, 24)}`,
      spanId: this.#spanId(number),
      ...(nth > 0 && { parentSpanId: this.#spanId(first) }),
      name: call === undefined ? "invoke_agent clerk" : `chat ${call.model}`,
      kind: call === undefined ? 1 : 3,
      startTimeUnixNano: `${begun + nth * 2}000000`,
      endTimeUnixNano: `${begun + (nth === 0 ? 9 : nth * 2 + 1)}000000`,
      attributes: call === undefined ? agentAttributes(trace) : callAttributes(call, number),
      status: {},
    };
  }

  #spanId(number: number): string {
    return this.tag + hex(number, 8);
  }
}

function agentAttributes(trace: number): OtlpAttribute[] {
  return attributes({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "clerk",
    "spancost.feature": `feature-${trace % 7}`,
  });
}

function callAttributes({ model, counts }: BilledCall, number: number): OtlpAttribute[] {
  return attributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": model.startsWith("claude") ? "anthropic" : "openai",
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.response.id": `answer-${number}`,
    "gen_ai.usage.input_tokens": counts.input,
    "gen_ai.usage.cache_read.input_tokens": counts.cached,
    "gen_ai.usage.cache_creation.input_tokens": counts.cacheWrite,
    "gen_ai.usage.output_tokens": counts.output,
    "gen_ai.usage.reasoning.output_tokens": counts.reasoning,
    // What a service with content capture on sends too; none of it is kept.
    "gen_ai.input.messages": `question ${number} `.repeat(12),
  });
}

function attributes(values: Record<string, string | number>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : { intValue: value },
  }));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** A number below 2^32 that looks random and follows from both. */
function mixed(a: number, b: number): number {
  let value = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x165667b1, 0xc2b2ae35);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  value ^= value >>> 12;
  value = Math.imul(value, 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}
