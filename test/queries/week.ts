import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reader } from "@spancost/analysis";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { markRepeatedAttempts } from "../repeated-attempts.ts";
import { numberTraces } from "../trace-numbers.ts";
import { ask, emptyDatabase } from "./database.ts";

/** One billed attempt of the made-up week. Money in pico-dollars. */
export interface Attempt {
  trace: string;
  parent: string;
  day: number;
  second: number;
  feature: string | null;
  release: string;
  model: string;
  user: string;
  iteration: number;
  failed: boolean;
  uncached: number;
  cacheRead: number;
  output: number;
  priced: boolean;
  /** A use of this tool instead of a call to a model: a cent each, and no tokens. */
  tool?: string;
}

/** Pico-dollars per token: uncached input, read from a cache, output. */
const prices: Readonly<Record<string, readonly [number, number, number]>> = {
  small: [250_000, 25_000, 2_000_000],
  large: [2_500_000, 250_000, 10_000_000],
};

const shapes = [
  {
    feature: "search",
    requests: 40,
    steps: 4,
    model: "large",
    uncached: 800,
    cacheRead: 2000,
    output: 300,
  },
  {
    feature: "chat",
    requests: 60,
    steps: 1,
    model: "small",
    uncached: 900,
    cacheRead: 500,
    output: 700,
  },
  {
    feature: "code",
    requests: 20,
    steps: 3,
    model: "large",
    uncached: 700,
    cacheRead: 900,
    output: 600,
  },
  {
    feature: "summarise",
    requests: 50,
    steps: 1,
    model: "large",
    uncached: 1500,
    cacheRead: 0,
    output: 200,
  },
  {
    feature: null,
    requests: 10,
    steps: 1,
    model: "small",
    uncached: 300,
    cacheRead: 0,
    output: 100,
  },
] as const;

/** Requests between 12:00 and 16:00 on seven days and the day of the window, each with a little noise. */
export function week(): Attempt[] {
  const random = randomFrom(7);
  const attempts: Attempt[] = [];
  for (let day = 3; day <= 10; day += 1) {
    for (const shape of shapes) {
      const requests = Math.round(shape.requests * (0.95 + 0.1 * random()));
      for (let request = 0; request < requests; request += 1) {
        attempts.push(...requestOf(shape, day, request, random));
      }
    }
  }
  return attempts;
}

function requestOf(
  shape: (typeof shapes)[number],
  day: number,
  request: number,
  random: () => number,
): Attempt[] {
  const trace = `${day}-${shape.feature}-${request}`;
  const size = 0.9 + 0.2 * random();
  const second = Math.floor(random() * 14_000);
  return Array.from({ length: shape.steps }, (_, step) => ({
    trace,
    parent: `${trace}-run`,
    day,
    second: second + step,
    feature: shape.feature,
    release: "1",
    model: shape.model,
    user: `u${Math.floor(random() * 30)}`,
    iteration: step + 1,
    failed: false,
    uncached: Math.round(shape.uncached * size),
    cacheRead: Math.round(shape.cacheRead * size * (step + 1)),
    output: Math.round(shape.output * size),
    priced: true,
  }));
}

/** Numbers in [0, 1), always the same ones. Source: Numerical Recipes, the quick 32-bit generator. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Answers from a database that holds the attempts. @param prepare is done to it before */
export async function readerOf(
  attempts: readonly Attempt[],
  prepare: (connection: DuckDBConnection) => Promise<void> = async () => {},
): Promise<Reader> {
  const connection = await emptyDatabase();
  for (let from = 0; from < attempts.length; from += 1000) {
    await connection.run(`
      insert into calls by name
      select * from (values ${attempts
        .slice(from, from + 1000)
        .map(valuesOf)
        .join(", ")})
      as given (trace_id, span_id, parent_span_id, started_at, feature, release, request_model, user_id,
        loop_iteration, status, input_tokens, cache_read_tokens, output_tokens, input_cost_usd,
        cache_read_cost_usd, output_cost_usd, cost_usd, environment, duration_ms, agent_depth, usage_quality,
        told_by, record_kind, tool)`);
  }
  await markRepeatedAttempts(connection);
  await numberTraces(connection);
  await prepare(connection);
  return {
    ask: async (name, variables) => {
      const rows = await ask(connection, readQueryFile(name).sql, variables);
      return { columns: [], rows: rows.map(withInstants) };
    },
  };
}

type Row = Awaited<ReturnType<Reader["ask"]>>["rows"][number];

/** A row with times in RFC 3339, as a store gives them. */
function withInstants(row: Awaited<ReturnType<typeof ask>>[number]): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      /^\d{4}-\d\d-\d\d \d\d:/.test(String(value))
        ? `${String(value).replace(" ", "T")}Z`
        : (value as Row[string]),
    ]),
  );
}

let spans = 0;

function valuesOf(of: Attempt): string {
  spans += 1;
  const at = new Date(Date.UTC(2026, 10, of.day, 12, 0, of.second)).toISOString().slice(0, 19);
  const isTool = of.tool !== undefined;
  const texts = [of.trace, `s${spans}`, of.parent, at, of.feature, of.release];
  const quoted = [...texts, isTool ? null : of.model, of.user].map((text) =>
    text === null ? "null::varchar" : `'${text}'`,
  );
  quoted[3] = `timestamp ${quoted[3]}`;
  return `(${[
    ...quoted,
    isTool ? "null" : of.iteration,
    of.failed ? "'error'" : "'ok'",
    ...(isTool ? toolUse : tokensAndCost(of)),
    "'production', 1000, 0",
    isTool ? `null, 1, 'tool', '${of.tool}'` : "'measured', 1, 'model', null",
  ].join(", ")})`;
}

/** Tokens, parts of the cost, and a cost. */
const toolUse = ["null", "null", "null", "null", "null", "null", "0.01"];

function tokensAndCost(of: Attempt): (number | string)[] {
  const [input = 0, cacheRead = 0, output = 0] = prices[of.model] ?? [];
  const parts = [of.uncached * input, of.cacheRead * cacheRead, of.output * output];
  const cost = parts.reduce((sum, part) => sum + part, 0);
  const usd = (pico: number) => (of.priced ? `${pico}::decimal(18, 0) * 0.000000000001` : "null");
  return [of.uncached + of.cacheRead, of.cacheRead, of.output, ...[...parts, cost].map(usd)];
}
