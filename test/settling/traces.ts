import { type SpanFacts, spanIdFromHex, type TraceId, type UnixMicros } from "@spancost/records";
import { tokenCount } from "@spancost/semconv";
import fc from "fast-check";
import { emptyFacts } from "./empty-facts.ts";

/** What a random span says, before it has its place. Small domains, so that spans often agree. */
const sayings = fc.record({
  node: fc.constantFrom<SpanFacts["node"][]>(
    "call",
    "call",
    "call",
    "call",
    "call",
    "http",
    "http",
    "tool",
    "agent",
    "run",
    "other",
  ),
  /** Index of the parent: often the span before, which makes deep trees; -1 is none, -2 one that never came. */
  parent: fc.oneof(
    { weight: 5, arbitrary: fc.nat({ max: 24 }) },
    { weight: 3, arbitrary: fc.constant("before" as const) },
    { weight: 1, arbitrary: fc.constantFrom(-1, -2) },
  ),
  circle: fc.nat({ max: 40 }),
  /** Within the parent's time, in eighths of it; now and then beside it. */
  time: fc.tuple(fc.nat({ max: 7 }), fc.integer({ min: 1, max: 8 }), fc.nat({ max: 9 })),
  emitter: fc.constantFrom("a", "a", "b", "b", "c", undefined),
  failed: fc.nat({ max: 3 }).map((n) => n === 0),
  usage: fc.constantFrom("measured", "measured", "measured", "partial", "estimated", "missing"),
  sums: fc.nat({ max: 2 }).map((n) => n === 0),
  input: fc.constantFrom(0, 1, 1, 2, 2, 3),
  output: fc.constantFrom(0, 1, 1, 2),
  lost: fc.nat({ max: 14 }),
  rich: fc.nat({ max: 2 }),
  issue: fc.nat({ max: 5 }).map((n) => n === 0),
  responseId: fc.constantFrom(undefined, undefined, undefined, "r1", "r2", "r3"),
  cached: fc.nat({ max: 11 }).map((n) => n === 0),
  model: fc.constantFrom("m", "m", "m", "n", undefined),
  answered: fc.constantFrom(undefined, undefined, "m", "n"),
  embeds: fc.nat({ max: 7 }).map((n) => n === 0),
  status: fc.constantFrom(200, 200, 429, 429, 500, undefined),
  toModel: fc.nat({ max: 5 }).map((n) => n > 0),
  retries: fc.nat({ max: 15 }).map((n) => (n < 2 ? n * 2 : undefined)),
  iteration: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, 4),
  depth: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, 3),
  agent: fc.constantFrom(undefined, "x", "x", "y"),
  feature: fc.constantFrom(undefined, undefined, undefined, "f", "g"),
  defaultFeature: fc.constantFrom(undefined, undefined, "h"),
  tag: fc.constantFrom(undefined, undefined, undefined, ["k", "1"], ["k", "2"], ["l", "1"]),
  again: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2),
  /** Where the span before is a call: tells of it in another scope, or of an attempt before it that failed. */
  retold: fc.constantFrom("no", "no", "no", "no", "echo", "echo beside", "failed before"),
});

type Saying = typeof sayings extends fc.Arbitrary<infer S> ? S : never;

/** A trace that is yet to be given its id: all deliveries of its spans, in some order. */
export interface Draft {
  readonly sayings: readonly Saying[];
}

export const drafts: fc.Arbitrary<Draft> = fc.record({
  sayings: fc.array(sayings, { minLength: 1, maxLength: 25, size: "max" }),
});

const base = Date.UTC(2026, 10, 1) * 1000;

interface Timed {
  readonly from: number;
  readonly to: number;
}

/** The draft as deliveries of spans of `traceId`. */
export function deliveriesOf({ sayings }: Draft, traceId: TraceId): readonly SpanFacts[] {
  const times: Timed[] = [];
  const spans: SpanFacts[] = [];
  for (const [index, saying] of sayings.entries()) {
    const parent = parentOf(saying, index);
    const previous = spans.at(-1);
    const before = times.at(-1);
    const retold = previous?.node === "call" && before !== undefined ? saying.retold : "no";
    const time =
      retold === "no" || before === undefined
        ? timeOf(saying, times[parent ?? -1])
        : retoldTime(retold, before);
    times.push(time);
    spans.push({
      ...(retold === "no" || previous === undefined ? factsOf(saying) : previous),
      ...(retold.startsWith("echo") ? { emitter: saying.emitter, feature: saying.feature } : {}),
      ...(retold === "failed before" ? failure : {}),
      traceId,
      spanId: idOf(index),
      parentSpanId:
        retold === "failed before" || retold === "echo beside"
          ? previous?.parentSpanId
          : parentIdOf(saying, parent, index, sayings.length),
      startedAt: micros(time.from),
      endedAt: micros(time.to),
    });
  }
  const repeated = spans.flatMap((span, index) => redeliveries(span, sayings[index]?.again ?? 0));
  return [...repeated, ...spans];
}

function parentOf({ parent }: Saying, index: number): number | undefined {
  if (index === 0) return undefined;
  if (parent === "before") return index - 1;
  return parent < 0 ? undefined : parent % index;
}

function parentIdOf(saying: Saying, parent: number | undefined, index: number, spans: number) {
  if (saying.circle === 0) return idOf((index + 1) % spans === index ? 99 : (index + 1) % spans);
  if (saying.parent === -2) return idOf(99);
  return parent === undefined ? undefined : idOf(parent);
}

/** In milliseconds; a tick is the grid on which spans meet. */
function timeOf({ time: [start, length, beside] }: Saying, parent: Timed = { from: 0, to: 800 }) {
  const tick = Math.max(1, Math.floor((parent.to - parent.from) / 8));
  const from = parent.from + start * tick;
  const to = from + length * tick;
  return { from, to: beside === 0 ? to : Math.max(from + 1, Math.min(to, parent.to)) };
}

function retoldTime(retold: Saying["retold"], { from, to }: Timed): Timed {
  return retold === "failed before" ? { from: from - 20, to: from } : { from: from + 1, to };
}

const failure = {
  failed: true,
  usageQuality: "missing",
  inputTokens: undefined,
  outputTokens: undefined,
  responseId: undefined,
  servedFromCache: false,
} as const;

function micros(milliseconds: number): UnixMicros {
  return (base + milliseconds * 1000) as UnixMicros;
}

/** Ids whose order is not the order of the spans. */
function idOf(index: number) {
  const id = spanIdFromHex((((index + 1) * 37) % 101).toString(16).padStart(16, "0"));
  if (id === undefined) throw new Error(`${index} makes no span id`);
  return id;
}

function factsOf(saying: Saying) {
  const { node } = saying;
  const call = node === "call";
  const quality = call ? saying.usage : saying.sums && node !== "http" ? "measured" : undefined;
  const counts = quality !== undefined && quality !== "missing";
  return {
    ...emptyFacts,
    name: node,
    node,
    failed: saying.failed,
    emitter: saying.emitter,
    usageQuality: call && saying.failed && saying.usage !== "partial" ? "missing" : quality,
    inputTokens: counts && saying.lost !== 0 ? tokenCount(saying.input) : undefined,
    outputTokens: counts && saying.lost !== 1 ? tokenCount(saying.output) : undefined,
    cacheReadTokens: call && saying.rich > 0 ? tokenCount(0) : undefined,
    reasoningTokens: call && saying.rich > 1 ? tokenCount(0) : undefined,
    usageIssue: call && saying.issue ? "odd" : undefined,
    responseId: call ? saying.responseId : undefined,
    servedFromCache: call && saying.cached,
    requestModel: call ? saying.model : undefined,
    responseModel: call ? saying.answered : undefined,
    operation: call && saying.embeds ? "embeddings" : undefined,
    httpStatus: node === "http" ? saying.status : undefined,
    modelRequest: node === "http" && saying.toModel,
    statedRetryCount: call || node === "http" ? saying.retries : undefined,
    statedLoopIteration: call ? saying.iteration : undefined,
    statedAgentDepth: call ? saying.depth : undefined,
    agent: node === "agent" ? saying.agent : undefined,
    tool: node === "tool" ? (saying.agent ?? "t") : undefined,
    feature: saying.feature,
    defaultFeature: saying.defaultFeature,
    tags: saying.tag === undefined ? undefined : new Map([saying.tag as [string, string]]),
  } as const;
}

/** Earlier deliveries of the span, with other content: ended sooner, or as late with fewer tokens. */
function redeliveries(span: SpanFacts, times: number): readonly SpanFacts[] {
  const sooner = { ...span, endedAt: Math.max(span.startedAt, span.endedAt - 1000) as UnixMicros };
  const poorer = { ...span, inputTokens: undefined, outputTokens: undefined, feature: "stale" };
  const used = (span.inputTokens ?? 0) + (span.outputTokens ?? 0) > 0;
  const stale = { ...sooner, feature: "stale", parentSpanId: undefined };
  return [span.endedAt > sooner.endedAt ? stale : span, used ? poorer : span].slice(0, times);
}
