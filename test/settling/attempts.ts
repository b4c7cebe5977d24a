import type { SpanFacts } from "@spancost/records";
import { byTime, slack } from "./same-call.ts";
import type { Place } from "./tree.ts";

/** The HTTP requests of one call. */
export interface Attempts {
  /** `undefined`: others failed before that may have been its own. */
  readonly count: number | undefined;
  /** `undefined`: no request says how it ended. */
  readonly answered: boolean | undefined;
  /** More than one: the client asked again after an answer, in one span. */
  readonly answers: number;
}

type Group = readonly SpanFacts[];

/**
 * The attempts of each call that shows any.
 *
 * A request belongs to the call around it; else, where a framework lost the context, to the only call in whose
 * time it lies. A call around the tool that sent the request does not count: the tool's requests are its own. One that
 * failed, belongs to none and has lost its parent makes the number of the next call's attempts unknown.
 */
export function attemptsOf(
  places: readonly Place[],
  groups: readonly Group[],
): ReadonlyMap<Group, Attempts> {
  const requests = places.filter(({ span }) => span.modelRequest);
  const byGroup = Map.groupBy(requests, (place) => ownerOf(place, groups));
  const ids = new Set(places.map(({ span }) => span.spanId));
  const strays = (byGroup.get(undefined) ?? []).filter(
    ({ span: { parentSpanId, httpStatus = 0 } }) =>
      parentSpanId !== undefined && !ids.has(parentSpanId) && httpStatus >= 400,
  );
  const doubtful = new Set(strays.map(({ span }) => nextAfter(span, groups)));
  const attempts = new Map<Group, Attempts>();
  for (const [group, own] of byGroup) {
    if (group === undefined) continue;
    const sent = own.map(({ span }) => span);
    attempts.set(group, countOf(sent, doubtful.has(group)));
  }
  return attempts;
}

/** The call that began first after a request was over. */
function nextAfter({ endedAt }: SpanFacts, groups: readonly Group[]): Group | undefined {
  const [next] = groups
    .flat()
    .filter(({ startedAt }) => startedAt >= endedAt)
    .toSorted((a, b) => a.startedAt - b.startedAt || a.spanId.localeCompare(b.spanId));
  return groups.find((group) => next !== undefined && group.includes(next));
}

function ownerOf(place: Place, groups: readonly Group[]): Group | undefined {
  const [nearest] = place.callsAround;
  const around = groups.find((group) => nearest !== undefined && group.includes(nearest));
  if (around !== undefined) return around;
  const { startedAt, endedAt } = place.span;
  const beside = groups.filter((group) =>
    group.some(
      (call) =>
        !place.callsBeyond.includes(call) &&
        startedAt >= call.startedAt - slack &&
        endedAt <= call.endedAt + slack,
    ),
  );
  return beside.length === 1 ? beside[0] : undefined;
}

/** Requests that overlap are one, told by two instrumentations. One that was answered is no failed attempt. */
function countOf(requests: readonly SpanFacts[], isDoubtful: boolean): Attempts {
  const sent: SpanFacts[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const request of requests.toSorted(byTime)) {
    if (request.startedAt >= until) sent.push([]);
    sent.at(-1)?.push(request);
    until = Math.max(until, request.endedAt);
  }
  const answers = sent.filter((told) => told.some(isAnswered)).length;
  const stated = requests.flatMap(({ statedRetryCount }) => statedRetryCount ?? []);
  const shown = sent.length - answers + Math.min(answers, 1);
  const statuses = requests.flatMap(({ httpStatus }) => httpStatus ?? []);
  return {
    count:
      isDoubtful && stated.length === 0
        ? undefined
        : Math.max(shown, ...stated.map((retries) => retries + 1)),
    answered: statuses.length === 0 ? undefined : answers > 0,
    answers,
  };
}

function isAnswered({ httpStatus = 0 }: SpanFacts): boolean {
  return httpStatus >= 200 && httpStatus < 400;
}
