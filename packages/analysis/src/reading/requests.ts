import { type Requests, wholeWeight } from "../bridge/sides.ts";
import { conditionsOf, narrowedTo, partOf, type Segment } from "../dimensions.ts";
import { contextOfRow, labelsOfContext } from "./cells.ts";
import { countOf, type Reader, type Variables } from "./reader.ts";

/** Requests with a priced call, by context. */
export interface BothRequests {
  readonly before: Requests;
  readonly after: Requests;
}

/** The same for each period: 0 is the window, the others are the baseline. */
export type RequestsByPeriod = ReadonlyMap<number, Requests>;

/** An answer to `explain-traffic`. */
export async function readRequests(
  reader: Reader,
  variables: Variables,
): Promise<RequestsByPeriod> {
  const periods = new Map<number, Map<string, bigint>>();
  for (const row of (await reader.ask("explain-traffic", variables)).rows) {
    const period = Number(row["period"]);
    const requests = periods.get(period) ?? new Map<string, bigint>();
    periods.set(period, requests);
    requests.set(contextOfRow(row), countOf(row, "requests") * wholeWeight);
  }
  return periods;
}

/** The window's, and those of all periods of the baseline together. */
export function bothSides(periods: RequestsByPeriod): BothRequests {
  const before = new Map<string, bigint>();
  for (const [period, requests] of periods) {
    if (period === 0) continue;
    for (const [context, count] of requests) {
      before.set(context, (before.get(context) ?? 0n) + count);
    }
  }
  return { before, after: periods.get(0) ?? new Map() };
}

/**
 * The requests that a segment's calls are counted by.
 *
 * Whose spend it is narrows them. Of versions the window has its own requests, and the baseline the same share of
 * its requests, as `matchBaseline` gives it that share of the calls. Other conditions choose among a request's
 * calls: a tool that is used in more requests is used more often per request.
 *
 * @param known what the same variables gave for all calls
 */
export async function readRequestsOf(
  reader: Reader,
  variables: Variables,
  segment: Segment,
  known: RequestsByPeriod,
): Promise<BothRequests> {
  const entities = partOf(segment, (role) => role === "entity");
  const narrowed = narrowedTo(variables, entities);
  const versions = partOf(segment, (role) => role === "version");
  const all = bothSides(requestsIn(known, entities) ?? (await readRequests(reader, narrowed)));
  if (conditionsOf(versions).length === 0) return all;
  const { after } = bothSides(await readRequests(reader, narrowedTo(narrowed, versions)));
  return { before: sharesOf(all, after), after };
}

/** Those of some features and environments, which contexts tell apart; `undefined` of anything else, which they do not. */
function requestsIn(known: RequestsByPeriod, segment: Segment): RequestsByPeriod | undefined {
  const { feature, environment, ...others } = segment;
  if (conditionsOf(others).length > 0) return undefined;
  const isIn = (context: string) => {
    const labels = labelsOfContext(context);
    return (
      (feature === undefined || labels.feature === feature) &&
      (environment === undefined || labels.environment === environment)
    );
  };
  return new Map(
    [...known].map(([period, requests]) => [
      period,
      new Map([...requests].filter(([context]) => isIn(context))),
    ]),
  );
}

/** The requests before, by context in the share that `some` has of those after. */
function sharesOf({ before, after }: BothRequests, some: Requests): Requests {
  return new Map(
    [...before].map(([context, requests]) => {
      const whole = after.get(context);
      return [context, whole ? (requests * (some.get(context) ?? 0n)) / whole : requests];
    }),
  );
}
