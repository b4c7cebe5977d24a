import { type Attributes, type Counter, type MeterProvider, metrics } from "@opentelemetry/api";
import { usdNumber } from "@spancost/pricing";
import { costAttributes, type SpanReading, type Usage } from "@spancost/semconv";
import { BoundedNames } from "./bounded-names.ts";
import { type FinishedCall, hasFailed } from "./finished-call.ts";
import { scopeName } from "./tracer.ts";
import { version } from "./version.ts";

/** A service uses some dozens of models and features; one that makes names up gets "other" for the rest. */
const models = new BoundedNames(200);
const features = new BoundedNames(100);
const providers = new BoundedNames(50);
const operations = new BoundedNames(50);

type Kind = "input" | "output" | "cacheRead" | "cacheWrite" | "reasoning";

/**
 * Counters of the GenAI conventions, and what belongs to them.
 *
 * Source: open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-token-metrics.md: counters are what to add up, cached
 * and reasoning tokens are contained in the other two, a call without usage counts 0 of modality "unknown".
 */
const tokenCounters: Readonly<Record<Kind, readonly [name: string, description: string]>> = {
  input: ["input_tokens", "The number of input (prompt) tokens used, including cached tokens."],
  output: ["output_tokens", "The number of output (completion) tokens used, including reasoning."],
  cacheRead: ["cache_read.input_tokens", "The number of input tokens read from a cache."],
  cacheWrite: ["cache_write.input_tokens", "The number of input tokens written to a cache."],
  reasoning: ["reasoning.output_tokens", "The number of output tokens used for reasoning."],
};

interface Instruments {
  readonly tokens: Readonly<Record<Kind, Counter>>;
  readonly cost: Counter;
  readonly unpriced: Counter;
}

/** Counts each finished call on the service's metrics. */
export class CallMetrics {
  #provider: MeterProvider | undefined;
  #instruments: Instruments | undefined;

  count(finished: FinishedCall): void {
    const { reading, price, feature } = finished;
    const { tokens, cost, unpriced } = this.#current();
    const call = attributesOf(reading);
    countTokens(tokens, reading.usage, call);
    const owner =
      feature === undefined ? call : { ...call, "spancost.feature": features.of(feature) };
    if (price.kind === "priced") cost.add(usdNumber(price.cost.total), owner);
    else if (!hasFailed(finished)) {
      unpriced.add(1, { ...owner, [costAttributes.unpricedReason]: price.reason });
    }
  }

  /** Instruments of a provider that is registered only later would count nothing: they are made anew for it. */
  #current(): Instruments {
    const provider = metrics.getMeterProvider();
    if (this.#instruments === undefined || this.#provider !== provider) {
      this.#provider = provider;
      this.#instruments = createInstruments(provider);
    }
    return this.#instruments;
  }
}

function createInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(scopeName, version);
  const counter = ([name, description]: readonly [string, string]) =>
    meter.createCounter(`gen_ai.client.inference.usage.${name}`, { description, unit: "{token}" });
  return {
    tokens: {
      input: counter(tokenCounters.input),
      output: counter(tokenCounters.output),
      cacheRead: counter(tokenCounters.cacheRead),
      cacheWrite: counter(tokenCounters.cacheWrite),
      reasoning: counter(tokenCounters.reasoning),
    },
    cost: meter.createCounter("spancost.cost", {
      description: "What model calls cost, as far as their prices are known.",
      unit: "{USD}",
    }),
    unpriced: meter.createCounter("spancost.unpriced_calls", {
      description: "Model calls whose cost is not known, which are not in spancost.cost.",
      unit: "{call}",
    }),
  };
}

/** Only what has few values: no ids, no users. */
function attributesOf({
  operation,
  provider,
  requestModel,
  responseModel,
}: SpanReading): Attributes {
  const attributes: Attributes = {
    "gen_ai.operation.name": operations.of(operation ?? "chat"),
    "gen_ai.provider.name": providers.of(provider ?? "unknown"),
  };
  if (requestModel !== undefined) attributes["gen_ai.request.model"] = models.of(requestModel);
  if (responseModel !== undefined) attributes["gen_ai.response.model"] = models.of(responseModel);
  return attributes;
}

function countTokens(
  counters: Readonly<Record<Kind, Counter>>,
  usage: Usage | undefined,
  call: Attributes,
): void {
  const add = (kind: Kind, tokens: number | undefined, modality: string) => {
    if (tokens === undefined) return;
    counters[kind].add(tokens, { ...call, "gen_ai.token.modality": modality });
  };
  const whole = (kind: Kind, tokens: number | undefined) => add(kind, tokens, "unknown");
  const split = (
    kind: Kind,
    all: number | undefined,
    parts: readonly (readonly [string, number])[],
  ) => {
    const told = parts.reduce((sum, [, tokens]) => sum + tokens, 0);
    if (all === undefined || told === 0 || told > all) return whole(kind, all ?? 0);
    for (const [modality, tokens] of parts) if (tokens > 0) add(kind, tokens, modality);
    if (all > told) add(kind, all - told, "text");
  };
  const { inputAudio, inputImage, outputAudio, outputImage } = usage ?? {};
  split("input", usage?.input, [
    ["audio", inputAudio ?? 0],
    ["image", inputImage ?? 0],
  ]);
  split("output", usage?.output, [
    ["audio", outputAudio ?? 0],
    ["image", outputImage ?? 0],
  ]);
  whole("cacheRead", usage?.cacheRead);
  whole("cacheWrite", usage?.cacheWrite);
  whole("reasoning", usage?.reasoning);
}
