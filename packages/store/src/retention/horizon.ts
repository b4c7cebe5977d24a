import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanFacts } from "@spancost/records";
import { type Day, instantSql, laterOf, startOf } from "./day.ts";

/** From which days on a database keeps what it is given; `undefined` is from the first. */
export interface Bounds {
  /** Spans that began before are gone, but for those of traces that still went on then. */
  readonly spansFrom: Day | undefined;
  /** Cost records that began before are gone. Never later than `spansFrom`. */
  readonly recordsFrom: Day | undefined;
}

/** Spans, and how many others came too late to be among them. */
export interface Sorted {
  readonly kept: readonly SpanFacts[];
  readonly late: number;
}

/**
 * Where the past ends that spans can still be added to.
 *
 * The rest of a trace that is expired cannot be settled with a late span of it: it would be counted again, or take
 * the place of records that were right. So spans that began before the horizon are not taken.
 *
 * It moves in two steps. What is `announced` holds for new spans from then on. What was taken before is then
 * settled, and only after that is the past deleted, and the bounds in the database are `committed`: so nothing is
 * dropped that was acknowledged.
 */
export class Horizon {
  /** Spans that came too late, since the process began. */
  lateSpans = 0;
  #announced: Day | undefined;
  #committed: Bounds = { spansFrom: undefined, recordsFrom: undefined };

  /** Spans of before it are not taken; `undefined` where all are. */
  get from(): Day | undefined {
    return this.#announced;
  }

  get committed(): Bounds {
    return this.#committed;
  }

  /** From now on no spans of before `day` are taken. */
  announce(day: Day): void {
    this.#announced = laterOf(this.#announced, day);
  }

  /** What stands in the database. It may be less than before: an older copy may have been put in its place. */
  commit(bounds: Bounds): void {
    this.#committed = bounds;
    this.#announced = laterOf(this.#announced, bounds.spansFrom);
  }

  /** For who acknowledges spans: those that may be taken. Counts the others. */
  admitted(facts: readonly SpanFacts[]): Sorted {
    return this.#counted(sort(facts, this.#announced));
  }

  /** In microseconds since 1970: the database has no past of spans that began before. */
  get writableFrom(): number {
    const { spansFrom } = this.#committed;
    return spansFrom === undefined ? Number.NEGATIVE_INFINITY : startOf(spansFrom);
  }

  /** For who writes spans into the database: those that it still has the past of. Counts the others. */
  writable(facts: readonly SpanFacts[]): readonly SpanFacts[] {
    return this.#counted(sort(facts, this.#committed.spansFrom)).kept;
  }

  #counted(sorted: Sorted): Sorted {
    this.lateSpans += sorted.late;
    return sorted;
  }
}

function sort(facts: readonly SpanFacts[], from: Day | undefined): Sorted {
  if (from === undefined) return { kept: facts, late: 0 };
  const start = startOf(from);
  // Most batches have none, and are handed on as they are.
  if (facts.every(({ startedAt }) => startedAt >= start)) return { kept: facts, late: 0 };
  const kept = facts.filter(({ startedAt }) => startedAt >= start);
  return { kept, late: facts.length - kept.length };
}

/** What is in the database of `connection`, as far as its transaction sees. */
export async function boundsOf(connection: DuckDBConnection): Promise<Bounds> {
  const reader = await connection.runAndReadAll(`
    select date_diff('day', date '1970-01-01', spans_from::date)::integer,
        date_diff('day', date '1970-01-01', records_from::date)::integer
    from retention`);
  const [spans, records] = reader.getRows()[0] ?? [];
  const dayOf = (value: unknown) => (typeof value === "number" ? (value as Day) : undefined);
  return { spansFrom: dayOf(spans), recordsFrom: dayOf(records) };
}

/** Puts the bounds into the database, within the transaction that deletes what is before them. */
export async function writeBounds(
  connection: DuckDBConnection,
  { spansFrom, recordsFrom }: Bounds,
): Promise<void> {
  const sqlOf = (day: Day | undefined) => (day === undefined ? "null" : instantSql(day));
  await connection.run("delete from retention");
  await connection.run(`insert into retention values (${sqlOf(spansFrom)}, ${sqlOf(recordsFrom)})`);
}
