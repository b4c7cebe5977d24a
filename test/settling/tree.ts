import type { SpanFacts } from "@spancost/records";

/** A span in its trace, with what it inherits from the spans above it. */
export interface Place {
  readonly span: SpanFacts;
  readonly depth: number;
  readonly feature: string | undefined;
  readonly agent: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** The span that stands for the nearest agent or workflow run. */
  readonly run: string | undefined;
  /** Where no run is shown: the root, or the parent that never arrived. */
  readonly root: string;
  readonly agents: number;
  /** The nearest agent run, and which scopes have told of it; `undefined` below its tools. */
  readonly telling: { readonly agent: string; readonly scopes: ReadonlySet<string> } | undefined;
  /** Calls around the span, nearest first, up to the nearest tool or agent: it may tell of one of them again. */
  readonly callsAround: readonly SpanFacts[];
  /** Calls around the span, but beyond a tool or an agent: it is no part of them. */
  readonly callsBeyond: readonly SpanFacts[];
}

export function scopeOf(span: SpanFacts): string {
  return span.emitter ?? "";
}

/** Of several deliveries of a span the one that ended last counts, then the one that used more. */
export function delivered(spans: readonly SpanFacts[]): readonly SpanFacts[] {
  const used = (span: SpanFacts) => (span.inputTokens ?? 0) + (span.outputTokens ?? 0);
  const kept = new Map<string, SpanFacts>();
  for (const span of spans) {
    const before = kept.get(span.spanId);
    const later =
      before === undefined ||
      span.endedAt > before.endedAt ||
      (span.endedAt === before.endedAt && used(span) > used(before));
    if (later) kept.set(span.spanId, span);
  }
  return [...kept.values()];
}

/** Every span's place. Spans that are their own ancestors, and all below them, stand alone. */
export function placesOf(spans: readonly SpanFacts[]): ReadonlyMap<string, Place> {
  const byId = new Map(spans.map((span) => [span.spanId as string, span]));
  const places = new Map<string, Place>();
  for (const span of spans) {
    const path = pathTo(span, byId);
    if (path === undefined) {
      // Alone it has no parent: not even one that its siblings could share.
      places.set(span.spanId, { ...below(undefined, span), root: span.spanId });
      continue;
    }
    let place: Place | undefined;
    for (const step of path) place = below(place, step);
    if (place !== undefined) places.set(span.spanId, place);
  }
  return places;
}

/** From the root to `span`, or `undefined` where there is no root. */
function pathTo(
  span: SpanFacts,
  byId: ReadonlyMap<string, SpanFacts>,
): readonly SpanFacts[] | undefined {
  const path: SpanFacts[] = [];
  let at: SpanFacts | undefined = span;
  while (at !== undefined) {
    if (path.includes(at)) return undefined;
    path.unshift(at);
    at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId);
  }
  return path;
}

function below(above: Place | undefined, span: SpanFacts): Place {
  const boundary = span.node === "tool" || span.node === "agent";
  const level = levelOf(above, span);
  const around = callsRightAbove(above);
  return {
    span,
    depth: (above?.depth ?? -1) + 1,
    feature: span.feature ?? above?.feature,
    agent: span.agent ?? above?.agent,
    tags: mergedTags(above?.tags, span.tags),
    run:
      (span.node === "agent" && level.deeper) || span.node === "run"
        ? span.spanId
        : (above?.run ?? (span.node === "agent" ? span.spanId : undefined)),
    root: above?.root ?? span.parentSpanId ?? span.spanId,
    agents: (above?.agents ?? 0) + Number(level.deeper),
    telling: level.telling,
    callsAround: boundary ? [] : around,
    callsBeyond: boundary ? [...around, ...(above?.callsBeyond ?? [])] : (above?.callsBeyond ?? []),
  };
}

function callsRightAbove(above: Place | undefined): readonly SpanFacts[] {
  if (above === undefined) return [];
  return above.span.node === "call" ? [above.span, ...above.callsAround] : above.callsAround;
}

/** One run that several scopes tell of, one inside the other, is one level; one scope tells of a run once. */
function levelOf(above: Place | undefined, span: SpanFacts) {
  const telling = above?.telling;
  if (span.node === "tool") return { deeper: false, telling: undefined };
  if (span.node !== "agent") return { deeper: false, telling };
  const scope = scopeOf(span);
  if (telling !== undefined && telling.agent === span.agent && !telling.scopes.has(scope)) {
    return {
      deeper: false,
      telling: { agent: telling.agent, scopes: new Set([...telling.scopes, scope]) },
    };
  }
  const own =
    span.agent === undefined ? undefined : { agent: span.agent, scopes: new Set([scope]) };
  return { deeper: true, telling: own };
}

function mergedTags(far: Place["tags"], near: Place["tags"]): Place["tags"] {
  return far === undefined ? near : near === undefined ? far : new Map([...far, ...near]);
}
