import { addUsd, type PicoUsd, shortUsd, usdFromText, zeroUsd } from "@spancost/pricing";
import { dayMillis } from "../durations.ts";
import type { Row } from "../envelope/envelope.ts";
import { CommandError } from "../errors.ts";
import { Texts } from "../flags/texts.ts";
import { instantAt } from "../flags/time.ts";
import type { Io } from "../ports.ts";
import { numberText } from "../render/cells.ts";
import type { Source } from "../sources/source.ts";
import type { ReceivedFinding } from "./doctor-received.ts";
import { query } from "./query.ts";

const queryName = "told-in-two-traces";

/** What is counted twice of the 24 hours up to the last call: a finding for each two emitters. */
export async function examineTwoTraces(
  source: Source,
  lastCall: string,
  io: Io,
): Promise<readonly ReceivedFinding[]> {
  const since = `${instantAt(Math.max(0, Date.parse(lastCall) - dayMillis)).slice(0, 16)}Z`;
  const texts = new Texts([
    ["name", [queryName]],
    ["since", [since]],
    ["until", [instantAt(Date.parse(lastCall) + 1000)]],
  ]);
  let rows: readonly Row[];
  try {
    ({ rows } = await source.answer(query, texts, query.prepare(texts, io.now())));
  } catch (error) {
    // A receiver of an older version does not know the question. What else was found is still to be told.
    if (!(error instanceof CommandError)) throw error;
    return [
      {
        code: "told_in_two_traces",
        severity: "warning",
        message: `Whether calls are counted twice could not be found out: ${error.message}`,
        fix: `spancost query ${queryName} --since ${since}`,
      },
    ];
  }
  // Which of two tells more may differ from call to call: then there are two rows of them.
  const byTellers = new Map<string, Row[]>();
  for (const row of rows) {
    const tellers = JSON.stringify(tellersOf(row).toSorted());
    byTellers.set(tellers, [...(byTellers.get(tellers) ?? []), row]);
  }
  return [...byTellers.values()].map((alike) => findingOf(alike, since));
}

type Teller = readonly [emitter: string, service: string];

/** Who tell of the calls of `row`. */
function tellersOf(row: Row): readonly [Teller, Teller] {
  const name = (column: string, what: string) => String(row[column] ?? `${what} without a name`);
  return [
    [name("emitter", "an emitter"), name("service", "a service")],
    [name("other_emitter", "an emitter"), name("other_service", "a service")],
  ];
}

function findingOf(rows: readonly Row[], since: string): ReceivedFinding {
  const calls = rows.reduce((sum, row) => sum + Number(row["calls"]), 0);
  const [[one, service], [other, otherService]] = tellersOf(rows[0] ?? {});
  const isOneService = service === otherService;
  const tellers = isOneService
    ? `${one} and ${other}`
    : `${one} in ${service} and ${other} in ${otherService}`;
  const [noun, verb, them] = calls === 1 ? ["call", "is", "it"] : ["calls", "are", "them"];
  return {
    code: "told_in_two_traces",
    severity: "warning",
    message:
      `${numberText(calls)} ${noun}${isOneService ? ` of ${service}` : ""} in the 24 hours up to the last ${verb} counted twice, ` +
      `${surplusText(rows)}: ${tellers} tell of ${them} in different traces.`,
    fix: `spancost query ${queryName} --since ${since}   # ${cure(one, other, isOneService)}`,
  };
}

function cure(one: string, other: string, isOneService: boolean): string {
  if (!isOneService) {
    return "hand the trace on from one to the other (traceparent), or turn one of the two off";
  }
  const isMlflow = [one, other].some((emitter) => emitter.startsWith("mlflow."));
  const setting = isMlflow ? ": MLFLOW_USE_DEFAULT_TRACER_PROVIDER=false" : "";
  return `turn one of the two off for that service, or give both one tracer provider${setting}`;
}

/** What all of them add to the cost, as far as they have a price. */
function surplusText(rows: readonly Row[]): string {
  const known = rows.flatMap(({ surplus_cost_usd: usd }) => usdFromText(String(usd)) ?? []);
  if (known.length === 0) return "at an unknown cost";
  return `${shortUsd(known.reduce<PicoUsd>(addUsd, zeroUsd))} too much`;
}
