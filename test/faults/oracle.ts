import type { Ledger } from "./load/ledger.ts";
import type { AnswerRow } from "./receiver-process.ts";

/** Asks a SELECT. */
export type Ask = (sql: string) => Promise<readonly AnswerRow[]>;

/** What a database says it holds of a campaign's spans. */
interface Held {
  /** Numbers of the spans, and how many rows they are. */
  readonly spans: ReadonlySet<number>;
  readonly spanRows: number;
  /** The same of the cost records. */
  readonly calls: ReadonlySet<number>;
  readonly models: readonly AnswerRow[];
}

/** Which of the ledger's spans a database has to hold. */
export interface Expected {
  /** Nanoseconds; those acknowledged before have to be there. Default: all that ever were. */
  readonly ackedBefore?: number;
  /** Nanoseconds; only those that were sent before can be there. */
  readonly sentBefore?: number;
  /** Spans arrive while the question is answered: those that came last may be seen twice among the spans. */
  readonly underLoad?: boolean;
}

/** How a database differs from the ledger. */
export interface Difference {
  /** Numbers of acknowledged spans that are not there, or whose cost is not. */
  readonly lost: readonly number[];
  /** Spans and records that are there more than once. */
  readonly doubled: number;
  /** Everything else that is wrong, in sentences. */
  readonly wrong: readonly string[];
  /** Spans that are there. */
  readonly spans: number;
}

/**
 * What a database gets wrong: lost, doubled or invented spans, and totals per model that are not the ledger's to
 * the last digit. Empty when all is well.
 */
export async function violationsOf(
  ask: Ask,
  ledger: Ledger,
  expected: Expected = {},
): Promise<string[]> {
  const { lost, doubled, wrong } = await differenceOf(ask, ledger, expected);
  ledger.lost += lost.length;
  ledger.doubled += doubled;
  return [...listed(lost, "acknowledged spans are lost"), ...wrong];
}

export async function differenceOf(
  ask: Ask,
  ledger: Ledger,
  expected: Expected = {},
): Promise<Difference> {
  // What is acknowledged while the database answers need not be in its answer.
  const acked = ledger.ackedBefore(expected.ackedBefore);
  const { spans, spanRows, calls, models } = await heldBy(ask, ledger.calls.tag);
  const isThere = (number: number) =>
    spans.has(number) && (ledger.calls.callOf(number) === undefined || calls.has(number));
  const sentBefore = expected.sentBefore ?? Number.POSITIVE_INFINITY;
  const invented = [...spans].filter((number) => !ledger.wasSentBefore(number, sentBefore));
  const isOnce = expected.underLoad === true || spanRows === spans.size;
  return {
    lost: acked.filter((number) => !isThere(number)),
    doubled: (isOnce ? 0 : spanRows - spans.size) + doubledCalls(models),
    wrong: [
      ...listed(invented, "spans are there that nobody sent"),
      ...(isOnce ? [] : [`${spanRows} spans are stored, of which ${spans.size} are different`]),
      ...wrongTotals(calls, models, ledger),
    ],
    spans: spans.size,
  };
}

async function heldBy(ask: Ask, tag: string): Promise<Held> {
  const mine = `substr(span_id, 1, 8) = '${tag}'`;
  const numberOf = "('0x' || substr(span_id, 9, 8))::bigint";
  // Stretches of consecutive numbers: an answer of a few rows, however many spans there are.
  const [answer] = await ask(`
    with seen as (
        select 'span' as kind, ${numberOf} as number from spans where ${mine}
        union all
        select 'call', ${numberOf} from cost_records where ${mine}
    ),
    different as (
        select distinct kind, number,
            -- Of a trace's four spans the first is no call: without the gap its calls are one stretch with the next.
            case when kind = 'span' then number else number - (number - 1) // 4 end as nth
        from seen
    ),
    runs as (
        select kind, number, nth - row_number() over (partition by kind order by number) as run
        from different
    ),
    stretches as (
        select kind, min(number) as first, max(number) as last from runs group by kind, run
    ),
    models as (
        select request_model, count(*) as calls, count(distinct span_id) as different_calls,
            sum(cost_usd)::varchar as cost, sum(input_tokens)::varchar as input,
            sum(output_tokens)::varchar as output, count(*) filter (cost_usd is null) as unpriced
        from cost_records where ${mine} group by all
    )
    select
        (select count(*) from seen where kind = 'span') as span_rows,
        (select to_json(list([first, last])) from stretches where kind = 'span')::varchar as spans,
        (select to_json(list([first, last])) from stretches where kind = 'call')::varchar as calls,
        (select to_json(list(models)) from models)::varchar as models`);
  const isCall = (number: number) => (number - 1) % 4 !== 0;
  return {
    spanRows: Number(answer?.["span_rows"]),
    spans: new Set(numbersIn(answer?.["spans"])),
    calls: new Set(numbersIn(answer?.["calls"]).filter(isCall)),
    models: (JSON.parse(String(answer?.["models"] ?? "null")) as AnswerRow[] | null) ?? [],
  };
}

function doubledCalls(models: readonly AnswerRow[]): number {
  return models.reduce(
    (sum, row) => sum + Number(row["calls"]) - Number(row["different_calls"]),
    0,
  );
}

function numbersIn(stretches: unknown): number[] {
  const list = JSON.parse(String(stretches ?? "null")) as [number, number][] | null;
  return (list ?? []).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, nth) => first + nth),
  );
}

interface Sum {
  readonly calls: number;
  readonly pico: bigint;
  readonly input: number;
  readonly output: number;
}

const nothing: Sum = { calls: 0, pico: 0n, input: 0, output: 0 };

/** Per model, against the ledger's sums of just those calls that are there. */
function wrongTotals(
  calls: ReadonlySet<number>,
  models: readonly AnswerRow[],
  ledger: Ledger,
): string[] {
  const sums = new Map<string, Sum>();
  for (const number of calls) {
    const call = ledger.calls.callOf(number);
    if (call === undefined) continue;
    const sum = sums.get(call.model) ?? nothing;
    sums.set(call.model, {
      calls: sum.calls + 1,
      pico: sum.pico + call.picoUsd,
      input: sum.input + call.counts.input,
      output: sum.output + call.counts.output,
    });
  }
  const names = new Set([...sums.keys(), ...models.map((row) => String(row["request_model"]))]);
  return [...names].flatMap((name) => {
    const sum = sums.get(name) ?? nothing;
    const row = models.find((model) => model["request_model"] === name);
    const expected = `${sum.calls} calls, ${usd(sum.pico)} USD, ${sum.input} in, ${sum.output} out`;
    const found =
      row === undefined
        ? "nothing"
        : `${row["calls"]} calls, ${row["cost"]} USD, ${row["input"]} in, ${row["output"]} out`;
    const isSame =
      found === expected && row?.["unpriced"] === 0 && row["different_calls"] === row["calls"];
    return isSame ? [] : [`${name}: ${found}; the ledger has ${expected}`];
  });
}

function usd(pico: bigint): string {
  const digits = pico.toString().padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

function listed(numbers: readonly number[], what: string): string[] {
  if (numbers.length === 0) return [];
  const some = numbers.slice(0, 5).join(", ");
  return [`${numbers.length} ${what} (numbers ${some}${numbers.length > 5 ? ", …" : ""})`];
}
