import type { DuckDBConnection } from "@duckdb/node-api";
import { type Explanation, explain, type Reader } from "@spancost/analysis";
import { query } from "../../packages/store/src/query.ts";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import type { Case, Planted } from "./case.ts";
import type { Hours } from "./generate.ts";

/** Asks a database as a store does. */
export function readerOf(connection: DuckDBConnection): Reader {
  return {
    ask: async (name, variables) => {
      const rows = await query(connection, readQueryFile(name).sql, variables);
      for (const variable of Object.keys(variables)) {
        await connection.run(`reset variable ${variable}`);
      }
      return rows;
    },
  };
}

/** An hour of the case as an instant. */
export function instantOf({ world }: Case, hour: number): string {
  return new Date(world.start + hour * 3_600_000).toISOString().replace(".000Z", "Z");
}

/** What `explain` says of the window of the case. */
export async function answerTo(connection: DuckDBConnection, one: Case): Promise<Explanation> {
  const { from, to }: Hours = one.window;
  const explanation = await explain(readerOf(connection), {
    since: instantOf(one, from),
    until: instantOf(one, to),
  });
  if (explanation.kind === "no-data") throw new Error(`${one.kind} ${one.seed}: no data`);
  return explanation;
}

type Finding = Explanation["findings"][number];

/** How far a finding is right about a planted cause. */
export interface Match {
  /** Cost of the calls that are in both segments, over that of the calls in either. */
  readonly overlap: number;
  readonly mechanismIsRight: boolean;
  /** How far off the finding's change is, as a share of the real dollars. */
  readonly dollarError: number;
  /** The same for what its mechanism alone contributes. */
  readonly factorError: number;
}

/** For each cause its match with each finding. */
export async function matchesOf(
  connection: DuckDBConnection,
  one: Case,
  findings: readonly Finding[],
): Promise<Match[][]> {
  const matches: Match[][] = [];
  for (const [index, planted] of one.planted.entries()) {
    const row: Match[] = [];
    for (const finding of findings) {
      row.push({
        overlap: await overlapOf(connection, one, index, finding),
        ...judged(planted, finding),
      });
    }
    matches.push(row);
  }
  return matches;
}

function judged({ cause, dollars }: Planted, finding: Finding) {
  return {
    mechanismIsRight: (cause.mechanisms as readonly string[]).includes(finding.mechanism),
    dollarError: Math.abs(Number(finding.delta) - dollars) / dollars,
    factorError: Math.abs(Number(finding.factors[finding.mechanism]) - dollars) / dollars,
  };
}

async function overlapOf(
  connection: DuckDBConnection,
  one: Case,
  cause: number,
  { segment }: Finding,
): Promise<number> {
  const conditions = Object.entries(segment).map(([name, value]) => conditionOf(name, value));
  const named = ["true", ...conditions].join(" and ");
  const covered = `(causes & ${1 << cause}) > 0`;
  const { from, to } = one.window;
  const result = await connection.runAndReadAll(`
    select
        sum(cost_usd) filter ((${named}) and ${covered})::double
            / sum(cost_usd) filter ((${named}) or ${covered})::double
    from calls
    where started_at >= '${instantOf(one, from)}'::timestamp
        and started_at < '${instantOf(one, to)}'::timestamp`);
  return Number(result.getRows()[0]?.[0] ?? 0);
}

function conditionOf(name: string, value: string | null | undefined): string {
  const column = name.startsWith("tag:")
    ? `tags['${name.slice(4)}']`
    : name === "model"
      ? "response_model"
      : name;
  return value === null || value === undefined
    ? `${column} is null`
    : `coalesce(${column}::varchar, '') = '${value.replaceAll("'", "''")}'`;
}
