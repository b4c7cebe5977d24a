import type { SpanFacts } from "@spancost/records";
import { type Attempts, attemptsOf } from "./attempts.ts";
import { byTime, groupsOf, hasUsage, slack } from "./same-call.ts";
import { delivered, type Place, placesOf, scopeOf } from "./tree.ts";

/** What a trace comes to: one row per billable call, and the role of every span. */
export interface Outcome {
  readonly calls: Readonly<Record<string, CallOutcome>>;
  readonly roles: Readonly<Record<string, string>>;
}

export interface CallOutcome {
  readonly agent_depth: number;
  readonly loop_iteration: number;
  readonly run_id: string;
  readonly retry_count: number | null;
  readonly retry_evidence: string | null;
  readonly tool: string | null;
  readonly feature: string | null;
  readonly agent: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly told_by: number;
  readonly aggregate: boolean;
}

/** A call as one or several spans tell of it, the span of the record first. */
interface Told {
  readonly places: readonly Place[];
  readonly attempts: Attempts | undefined;
  readonly cached: boolean;
  readonly billable: boolean;
  readonly run: string;
  readonly aggregate: boolean;
}

/** What settling should make of one trace: slowly, one rule after the other, from what the words mean. */
export function settleTrace(deliveries: readonly SpanFacts[]): Outcome {
  const spans = delivered(deliveries);
  const places = placesOf(spans);
  const { groups, wrappers } = groupsOf(places);
  const attempts = attemptsOf([...places.values()], groups);
  const told = groups.map((group) => toldBy(group, places, attempts.get(group)));
  const standins = standinsOf(spans, places).map((span): Told => {
    const place = places.get(span.spanId) as Place;
    const run = place.run ?? place.root;
    return {
      places: [place],
      attempts: undefined,
      cached: false,
      billable: true,
      run,
      aggregate: true,
    };
  });
  const all = [...told, ...standins];
  const calls = all
    .filter(({ billable }) => billable)
    .map((call) => [winnerOf(call).spanId, outcomeOf(call, all, [...places.values()])]);
  return { calls: Object.fromEntries(calls), roles: rolesOf(spans, all, wrappers) };
}

function winnerOf({ places: [first] }: Told): SpanFacts {
  return (first as Place).span;
}

function toldBy(
  group: readonly SpanFacts[],
  places: ReadonlyMap<string, Place>,
  attempts: Attempts | undefined,
): Told {
  const ranked = group.toSorted(
    (a, b) =>
      richness(b) - richness(a) ||
      a.endedAt - a.startedAt - (b.endedAt - b.startedAt) ||
      a.spanId.localeCompare(b.spanId),
  );
  const own = ranked.map((span) => places.get(span.spanId) as Place);
  const cached = group.some(({ servedFromCache }) => servedFromCache);
  const answered = attempts?.answered ?? group.some(({ failed }) => !failed);
  return {
    places: own,
    attempts,
    cached,
    billable: !cached && (group.some(hasUsage) || answered),
    run: own.find(({ run }) => run !== undefined)?.run ?? (own[0] as Place).root,
    aggregate: false,
  };
}

const qualities = { measured: 30, partial: 20, estimated: 10, missing: 0 };

/** How much a span tells of a call: the quality of its counts, that they fit, then each further fact. */
function richness(span: SpanFacts): number {
  const facts = [
    span.cacheReadTokens,
    span.cacheWriteTokens,
    span.cacheWrite1hTokens,
    span.reasoningTokens,
    span.serviceTier,
    span.costUsd,
  ];
  return (
    qualities[span.usageQuality ?? "missing"] +
    (span.usageIssue === undefined ? 5 : 0) +
    facts.filter((fact) => fact !== undefined).length
  );
}

/**
 * Spans that repeat usage count where nothing below them is a call, failed attempts aside; of nested ones the topmost. Of spans that
 * no root leads to none is topmost: the one with the least id stands for all.
 */
function standinsOf(
  spans: readonly SpanFacts[],
  places: ReadonlyMap<string, Place>,
): readonly SpanFacts[] {
  const above = new Map(spans.map((span) => [span, spansAbove(span, spans)]));
  const aboveCalls = new Set(
    spans
      .filter((span) => span.node === "call" && (hasUsage(span) || !span.failed))
      .flatMap((span) => above.get(span) ?? []),
  );
  const sums = spans
    .filter((span) => span.node !== "call" && hasUsage(span) && !aboveCalls.has(span))
    .filter((span) => !isInsideCall(places.get(span.spanId)))
    .toSorted((a, b) => a.spanId.localeCompare(b.spanId));
  const rooted = (span: SpanFacts) =>
    above.get(span)?.every((higher) => !above.get(higher)?.includes(higher)) ?? false;
  const topmost = (span: SpanFacts) => !above.get(span)?.some((higher) => sums.includes(higher));
  return [
    ...sums.filter((span) => rooted(span) && topmost(span)),
    ...sums.filter((span) => !rooted(span)).slice(0, 1),
  ];
}

/** The nearest call around it tells what it used. */
function isInsideCall(place: Place | undefined): boolean {
  const [nearest] = place?.callsAround ?? [];
  return nearest !== undefined && hasUsage(nearest);
}

/** Every span above `span`; itself too where it is its own ancestor. */
function spansAbove(span: SpanFacts, spans: readonly SpanFacts[]): readonly SpanFacts[] {
  const found: SpanFacts[] = [];
  const parentOf = (child: SpanFacts) => spans.find(({ spanId }) => spanId === child.parentSpanId);
  let at = parentOf(span);
  while (at !== undefined && !found.includes(at)) {
    found.push(at);
    at = parentOf(at);
  }
  return found;
}

function outcomeOf(call: Told, all: readonly Told[], places: readonly Place[]): CallOutcome {
  const members = call.places.map(({ span }) => span);
  const inRun = all
    .filter(({ billable, run }) => billable && run === call.run)
    .toSorted((a, b) => byTime(winnerOf(a), winnerOf(b)));
  const nth = inRun.indexOf(call);
  const previous = inRun[nth - 1];
  const first = <T>(read: (place: Place) => T | undefined) =>
    call.places.map(read).find((value) => value !== undefined);
  const tags = first((place) => place.tags);
  return {
    agent_depth: Math.max(
      ...call.places.map(({ agents }) => agents),
      ...members.map(({ statedAgentDepth }) => statedAgentDepth ?? 0),
    ),
    loop_iteration: greatest(members.map((span) => span.statedLoopIteration)) ?? nth + 1,
    run_id: call.run,
    ...retriesOf(call, all),
    tool: previous === undefined ? null : toolBetween(winnerOf(previous), call, places),
    feature: first((place) => place.feature) ?? first(({ span }) => span.defaultFeature) ?? null,
    agent: first((place) => place.agent) ?? null,
    tags: tags === undefined ? null : Object.fromEntries(tags),
    told_by: members.length,
    aggregate: call.aggregate,
  };
}

function greatest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The tool of the same run that ended last between the start of the step before and the call's start. */
function toolBetween(previous: SpanFacts, call: Told, places: readonly Place[]): string | null {
  const { startedAt } = winnerOf(call);
  const [last] = places
    .filter(
      ({ span, run, root }) =>
        span.node === "tool" &&
        span.tool !== undefined &&
        (run ?? root) === call.run &&
        span.startedAt >= previous.startedAt &&
        span.endedAt <= startedAt + slack,
    )
    .map(({ span }) => span)
    .toSorted((a, b) => b.endedAt - a.endedAt || (a.tool ?? "").localeCompare(b.tool ?? ""));
  return last?.tool ?? null;
}

function retriesOf(call: Told, all: readonly Told[]) {
  const stated = greatest(call.places.map(({ span }) => span.statedRetryCount));
  if (stated !== undefined) return { retry_count: stated, retry_evidence: "explicit" };
  const failed = all
    .filter((other) => retriedBy(other, all) === call)
    .reduce((total, { attempts }) => total + Math.max(attempts?.count ?? 1, 1), 0);
  if (failed === 0 && call.attempts?.count === undefined) {
    return { retry_count: null, retry_evidence: null };
  }
  return {
    retry_count: (call.attempts?.count ?? 1) - 1 + failed,
    retry_evidence: failed > 0 ? "sibling" : "http",
  };
}

/** The call that tried again what `failed` had tried: same parent, scope and model, the first that began after. */
function retriedBy(failed: Told, all: readonly Told[]): Told | undefined {
  if (failed.billable || failed.cached) return undefined;
  const spans = failed.places.map(({ span }) => span);
  const [next] = all
    .filter(({ billable, aggregate }) => billable && !aggregate)
    .flatMap((call) => call.places.map(({ span }) => ({ call, span })))
    .filter(({ span }) =>
      spans.some(
        (before) =>
          span.parentSpanId !== undefined &&
          span.parentSpanId === before.parentSpanId &&
          scopeOf(span) === scopeOf(before) &&
          span.requestModel === before.requestModel &&
          span.startedAt >= before.endedAt,
      ),
    )
    .toSorted((a, b) => byTime(a.span, b.span));
  return next?.call;
}

function rolesOf(
  spans: readonly SpanFacts[],
  all: readonly Told[],
  wrappers: ReadonlySet<SpanFacts>,
): Readonly<Record<string, string>> {
  const billed = new Set(all.filter(({ billable }) => billable).map(winnerOf));
  const countedAs = new Map(
    all.flatMap((call) => call.places.slice(1).map(({ span }) => [span, winnerOf(call)] as const)),
  );
  return Object.fromEntries(
    spans.map((span) => {
      const winner = countedAs.get(span);
      if (billed.has(span)) return [span.spanId, "billable"];
      if (winner !== undefined) return [span.spanId, `rollup of ${winner.spanId}`];
      if (wrappers.has(span)) return [span.spanId, "rollup"];
      if (span.node === "call") return [span.spanId, "other"];
      if (hasUsage(span)) return [span.spanId, "rollup"];
      return [span.spanId, span.node === "run" ? "agent" : span.node];
    }),
  );
}
