/** A model and what it costs, in whole pico-dollars per token: 1 USD per million tokens is 10^6. */
export interface Model {
  readonly provider: string;
  readonly name: string;
  readonly input: number;
  readonly cacheRead: number;
  /** `undefined` where the provider writes its cache for nothing and tells nothing of it. */
  readonly cacheWrite: number | undefined;
  readonly output: number;
  /** From so many input tokens on everything costs twice as much. */
  readonly dearFrom?: number;
  /** Nobody knows what it costs. */
  readonly unpriced?: boolean;
}

const million = 1_000_000;

function model(
  provider: string,
  name: string,
  input: number,
  output: number,
  more: { cached?: number; written?: number; dearFrom?: number; unpriced?: boolean } = {},
): Model {
  return {
    provider,
    name,
    input: Math.round(input * million),
    cacheRead: Math.round(input * (more.cached ?? 0.1) * million),
    cacheWrite: more.written === undefined ? undefined : Math.round(input * more.written * million),
    output: Math.round(output * million),
    ...(more.dearFrom !== undefined && { dearFrom: more.dearFrom }),
    ...(more.unpriced !== undefined && { unpriced: more.unpriced }),
  };
}

/** Small ones for everyday work, from the cheapest to the dearest. */
export const smallModels: readonly Model[] = [
  model("openai", "nano-5", 0.05, 0.4),
  model("gcp.gemini", "flash-2.5", 0.3, 2.5, { cached: 0.25 }),
  model("openai", "mini-5", 0.25, 2),
  model("mistral_ai", "small-3", 0.2, 0.6, { cached: 1 }),
  model("anthropic", "haiku-4", 1, 5, { written: 1.25 }),
];

/** Large ones. */
export const largeModels: readonly Model[] = [
  model("openai", "gpt-5", 1.25, 10),
  model("gcp.gemini", "pro-2.5", 1.25, 10, { cached: 0.25, dearFrom: 200_000 }),
  model("anthropic", "sonnet-4", 3, 15, { written: 1.25 }),
  model("openai", "gpt-5.4", 2.5, 15),
  model("anthropic", "opus-4", 15, 75, { written: 1.25 }),
];

/** The same models where another provider serves them, dearer. */
export const elsewhere: ReadonlyMap<string, Model> = new Map(
  [...smallModels, ...largeModels].map((one) => [
    one.name,
    {
      ...one,
      provider: one.provider === "anthropic" ? "aws.bedrock" : "azure.ai.openai",
      input: Math.round(one.input * 1.7),
      cacheRead: Math.round(one.cacheRead * 1.7),
      cacheWrite: one.cacheWrite === undefined ? undefined : Math.round(one.cacheWrite * 1.7),
      output: Math.round(one.output * 1.7),
    },
  ]),
);

export const embedding: Model = model("openai", "embed-3", 0.02, 0);

/** Runs on a machine of one's own. */
export const ownModel: Model = model("vllm", "intent-7b", 0, 0, { unpriced: true });
