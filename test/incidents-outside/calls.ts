/** What a request does: its calls with tokens and cost, and how a cause bends them. */
import { type Model, rates } from "./companies.ts";
import { Draw } from "./draw.ts";
import type { Labels, Request, World } from "./requests.ts";

/** What a cause does to a request; nothing where left out. */
export interface Knobs {
  readonly steps?: number;
  readonly system?: number;
  readonly question?: number;
  readonly answer?: number;
  /** Share of the cache hits that is lost. */
  readonly misses?: number;
  /** How likely an attempt is cut off after it was paid for, and made again. */
  readonly cut?: number;
  readonly tool?: { readonly name: string; readonly result: number };
  readonly model?: Model;
  readonly provider?: string;
  readonly price?: number;
}

export interface Call {
  readonly at: number;
  readonly ends: number;
  readonly step: number;
  readonly labels: Labels;
  readonly input: number;
  readonly read: number;
  readonly write: number;
  readonly output: number;
  /** Paid for, but made again. */
  readonly cut: boolean;
  readonly usd: number;
}

const longestRun = 60;
/** Where the price of a long context begins. */
const longestInput = 190_000;

/** The calls of a request. Draws are keyed by step, so that what a knob adds moves nothing else. */
export function callsOf(world: World, request: Request, knobs: Knobs = {}): readonly Call[] {
  const { feature } = request;
  const key = [world.seed, request.key] as const;
  const steps = new Draw(...key, "steps").geometric(feature.steps * (knobs.steps ?? 1));
  const system = Math.round(feature.system * (knobs.system ?? 1));
  const habit = new Draw("habit", request.labels["user_id"] ?? "").logNormal(1, 0.3);
  const question = new Draw(...key, "question").logNormal(feature.question * habit, 0.6);
  let context = Math.min(longestInput, system + Math.round(question * (knobs.question ?? 1)));
  let [at, before] = [request.at + 20, system];
  const calls: Call[] = [];
  for (let step = 1; step <= Math.min(steps, longestRun); step++) {
    const draw = new Draw(...key, step);
    const hit = draw.unit() < feature.hit * (1 - (knobs.misses ?? 0));
    const output = Math.max(1, Math.round(draw.logNormal(feature.answer, 0.5)));
    const answer = Math.round(output * (knobs.answer ?? 1));
    const result = draw.logNormal(feature.toolResult, 0.7);
    const tool = step > 1 && feature.tools ? toolOf(request, step - 1, world.seed) : null;
    const model = knobs.model ?? feature.model;
    const own = request.labels["provider"];
    const provider = knobs.provider ?? (knobs.model ? rates[model].provider : (own as string));
    const read = hit ? Math.floor(Math.min(before, context) / 128) * 128 : 0;
    const write = rates[model].provider === "anthropic" ? context - read : 0;
    const luck = new Draw(...key, "cut", step);
    for (let attempt = 0; attempt < 3; attempt++) {
      const cut = attempt < 2 && luck.unit() < (knobs.cut ?? 0.004);
      const ends = at + 300 + answer * 8;
      const labels = { ...request.labels, model, provider, tool };
      const tokens = { input: context, read, write, output: answer };
      const usd = costOf(model, tokens) * (knobs.price ?? 1);
      calls.push({ at, ends, step, labels, cut, usd, ...tokens });
      at = ends + 40;
      if (!cut) break;
    }
    before = context;
    const next = toolOf(request, step, world.seed);
    const grown = next === knobs.tool?.name ? result * (knobs.tool?.result ?? 1) : result;
    context = Math.min(longestInput, context + answer + Math.round(grown));
  }
  return calls;
}

/** The tool that is used after a step; the first of a feature's tools is used most. */
function toolOf(request: Request, step: number, seed: number): string | null {
  const tools = request.feature.tools ?? [];
  if (tools.length === 0) return null;
  const weights = tools.map((_, index) => 1 / (index + 1));
  return new Draw(seed, request.key, "tool", step).weighted(tools, weights);
}

function costOf(model: Model, tokens: Pick<Call, "input" | "read" | "write" | "output">): number {
  const rate = rates[model];
  const fresh = tokens.input - tokens.read - tokens.write;
  const usd =
    fresh * rate.input +
    tokens.read * rate.read +
    tokens.write * rate.write +
    tokens.output * rate.output;
  return usd / 1e6;
}

export function spendOf(calls: readonly Call[]): number {
  return calls.reduce((sum, call) => sum + call.usd, 0);
}
