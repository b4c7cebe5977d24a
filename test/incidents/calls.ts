import { embedding, type Model } from "./models.ts";
import { Random } from "./random.ts";
import type { Request } from "./traffic.ts";
import type { World } from "./world.ts";

/** One billable attempt, as it will be a cost record. */
export interface Call {
  readonly request: Request;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** Hours since hour 0. */
  at: number;
  model: Model;
  agent: string | null;
  agentDepth: number;
  operation: "chat" | "embeddings";
  /** 1-based place in the run, attempts counted. */
  iteration: number;
  /** Whose result the call answers. */
  tool: string | null;
  input: number;
  /** Shares of the input. */
  cachedShare: number;
  writtenShare: number;
  output: number;
  failed: boolean;
  /** Attempts before this one; `null` where the trace cannot show it. */
  retryCount: number | null;
}

/** What an incident does to a request. Hooks run in its time only. */
export interface Effect {
  readonly steps?: (steps: number, request: Request, random: Random) => number;
  /** Changes a call before its attempts are made. */
  readonly call?: (call: Call, random: Random) => void;
  /** Attempts that are billed, thrown away and made again. */
  readonly wasted?: (call: Call, random: Random) => number;
}

/** The attempts of a request, in order of time. */
export function callsOfRequest(world: World, request: Request, effects: readonly Effect[]): Call[] {
  const run = new Run(world, request, effects);
  const { feature } = request;
  const size = new Random(request.key, 2).around(1, feature.sizeSpread) * run.dayFactor(1);
  if (feature.work === "agent") run.agent(size);
  else {
    if (feature.work === "search") run.embed();
    run.single(size);
  }
  return run.calls;
}

const secondsPerCall = 4;

class Run {
  readonly calls: Call[] = [];
  readonly #world: World;
  readonly #request: Request;
  readonly #effects: readonly Effect[];
  #clock: number;
  #iteration = 0;

  constructor(world: World, request: Request, effects: readonly Effect[]) {
    this.#world = world;
    this.#request = request;
    this.#effects = effects;
    this.#clock = request.at;
  }

  /** How far sizes of the day are off: 1 input, 2 output, 3 caches, 4 steps. */
  dayFactor(what: number): number {
    const { seed, sizeNoise } = this.#world;
    const day = Math.floor(this.#request.at / 24);
    return Math.exp(
      sizeNoise * new Random(seed, 15, what, day, this.#request.feature.index).normal(),
    );
  }

  embed(): void {
    const random = new Random(this.#request.key, 4);
    this.#attempts(
      {
        ...this.#draft(1),
        model: embedding,
        operation: "embeddings",
        input: 20 + random.whole(0, 60),
        output: 0,
      },
      random,
    );
  }

  single(size: number): void {
    const { feature } = this.#request;
    const random = new Random(this.#request.key, 5);
    const cached = random.chance(0.85) ? feature.cachedShare : 0;
    this.#call({ input: feature.inputTokens * size, cachedShare: cached }, null, random);
  }

  agent(size: number): void {
    const { feature, key } = this.#request;
    const random = new Random(key, 6);
    const mean = (feature.steps - 1) * this.dayFactor(4);
    let steps = 1 + random.poisson(mean * random.around(0.95, 0.3));
    for (const { steps: change } of this.#effects) {
      steps = change?.(steps, this.#request, new Random(key, 7)) ?? steps;
    }
    const helps = feature.helper !== undefined && new Random(key, 8).chance(0.6);
    for (let step = 1; step <= Math.min(steps, 60); step += 1) {
      const own = new Random(key, 9, step);
      const tool = step === 1 ? null : own.pick(feature.tools);
      // What was there in the step before is in the cache now.
      const warm =
        feature.cachedShare === 0
          ? 0
          : step === 1
            ? feature.cachedShare
            : 0.5 + feature.cachedShare / 2;
      const input = (feature.inputTokens + (step - 1) * feature.growthTokens) * size;
      this.#call({ input, cachedShare: warm }, tool, own);
      if (step === 2 && helps) this.#help(size);
    }
  }

  #help(size: number): void {
    const { feature, key } = this.#request;
    const { helper } = feature;
    if (!helper) return;
    const outer = this.#iteration;
    this.#iteration = 0;
    for (let step = 1; step <= 3; step += 1) {
      const own = new Random(key, 10, step);
      const draft = {
        ...this.#draft(step + 100),
        agent: helper.agent,
        agentDepth: 2,
        model: helper.model,
      };
      draft.input = feature.inputTokens * 0.4 * size;
      draft.output = own.around(feature.outputTokens * 0.5, 0.5);
      this.#attempts(draft, own);
    }
    this.#iteration = outer;
  }

  #call(of: { input: number; cachedShare: number }, tool: string | null, random: Random): void {
    const { feature } = this.#request;
    const output = random.around(feature.outputTokens, 0.6) * this.dayFactor(2);
    const cachedShare = Math.min(0.97, of.cachedShare * this.dayFactor(3));
    const call = {
      ...this.#draft(this.calls.length + 1),
      input: of.input,
      output,
      cachedShare,
      tool,
    };
    if (call.model.cacheWrite !== undefined && cachedShare > 0)
      call.writtenShare = (1 - cachedShare) * 0.7;
    this.#attempts(call, random);
  }

  #draft(place: number): Call {
    const { feature, key } = this.#request;
    const id = (part: number) =>
      new Random(key, part, place).next().toString(16).slice(2, 14).padEnd(12, "0");
    return {
      request: this.#request,
      spanId: `${id(41)}`,
      parentSpanId: `${id(42)}p`,
      at: this.#clock,
      model: feature.model,
      agent: feature.agent,
      agentDepth: feature.agent === null ? 0 : 1,
      operation: "chat",
      iteration: 0,
      tool: null,
      input: 0,
      cachedShare: 0,
      writtenShare: 0,
      output: 0,
      failed: false,
      retryCount: null,
    };
  }

  #attempts(call: Call, random: Random): void {
    for (const { call: change } of this.#effects) change?.(call, random);
    let wasted = new Random(this.#request.key, 43, this.calls.length).chance(this.#world.failures)
      ? 1
      : 0;
    for (const effect of this.#effects) wasted += effect.wasted?.(call, random) ?? 0;
    for (let attempt = 0; attempt <= wasted; attempt += 1) {
      this.#iteration += 1;
      this.#clock += secondsPerCall / 3_600;
      const isLast = attempt === wasted;
      this.calls.push({
        ...call,
        spanId: `${call.spanId}${attempt.toString(16).padStart(4, "0")}`,
        at: this.#clock,
        iteration: this.#iteration,
        failed: !isLast,
        output: isLast ? call.output : call.output * 0.8,
        retryCount: this.#world.retryEvidence === "explicit" || wasted > 0 ? attempt : null,
      });
    }
  }
}
