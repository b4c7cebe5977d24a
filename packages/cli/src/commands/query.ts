import { text as textOf } from "node:stream/consumers";
import {
  askReader,
  type Behind,
  NotAQueryError,
  type QueryFile,
  queryNames,
  RefusedSqlError,
  type Rows,
  readQueryFile,
  SqlError,
  SqlLimitError,
  UnknownQueryError,
  type Variables,
} from "@spancost/store";
import type { Command } from "commander";
import { type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { CommandError, UsageError } from "../errors.ts";
import { collect } from "../flags/options.ts";
import { isNeeded, queryVariables, unknownValue } from "../flags/query-params.ts";
import type { Texts } from "../flags/texts.ts";
import { instantAt } from "../flags/time.ts";
import { zoneOf } from "../flags/time-zone.ts";
import { askedWindow, plain } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { queryTable } from "../render/query.ts";
import { isQueryList, queryList } from "../render/query-list.ts";
import { behindWarnings } from "./behind-warning.ts";
import { columnHint } from "./column-hint.ts";
import { noDataWarning } from "./no-data.ts";
import type { AskedWorld, Question, ReadingCommand, SandboxRows } from "./reading-command.ts";

/** Answer of `spancost query`: what the SQL gave, or the list of queries. */
export type QueryEnvelope = Envelope & {
  /** `null` for SQL of one's own, and for the list. */
  readonly query: string | null;
  /** In the order of the SELECT, with DuckDB's names of their types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Of SQL of one's own at a receiver, which runs on a copy: everything stored by then is in the rows. */
  readonly as_of?: string;
};

export const query: ReadingCommand = {
  name: "query",
  takes: ["name", "param", "since", "until", "sql", "list", "run"],
  needsStore: (texts) => !texts.isSet("list"),

  define(program: Command): Command {
    return program
      .command("query")
      .description("run a query by name, or SQL of your own (one SELECT, nothing else)")
      .argument("[NAME]", "a query of queries/, see --list; - reads a SELECT from standard input")
      .option("--param <k=v>", "a parameter of the query, repeatable", collect)
      .option("--sql <text>", "run this SELECT; tables: cost_records, spans")
      .option("--list", "list the queries with their parameters")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost query cost-per-trace --since 2h --param max_rows=5\n" +
          '  spancost query --sql "select feature, sum(cost_usd) from cost_records group by all"',
      );
  },

  async read(texts, io) {
    if (texts.one("name") !== "-") return texts;
    return texts.with([
      ["name", []],
      ["sql", [await textOf(io.stdin)]],
    ]);
  },

  prepare(texts: Texts, now: number): Question {
    const [name, sql] = [texts.one("name"), texts.one("sql")];
    const asked = [name !== undefined, sql !== undefined, texts.isSet("list")];
    if (asked.filter(Boolean).length !== 1) {
      throw new UsageError(
        "query takes one of NAME, --sql TEXT and --list. What queries there are: spancost query --list.",
      );
    }
    if (name !== undefined) return named(name, texts, now);
    return sql === undefined ? async () => list() : ownSql(sql, texts, now);
  },

  table(envelope, page) {
    const answer = envelope as QueryEnvelope;
    return isQueryList(answer) ? queryList(answer, page) : queryTable(answer, page);
  },
};

/** The queries as rows: what a list in a terminal and a page need. */
function list(): QueryEnvelope {
  const rows = queryNames()
    .map(readQueryFile)
    .map(({ name, title, params }) => ({
      name,
      title,
      params: params
        .map((param) => (isNeeded(param) ? `${param.name} (required)` : param.name))
        .join(", "),
    }));
  const columns = ["name", "title", "params"].map((column) => ({ name: column, type: "VARCHAR" }));
  return { schema: schemaOf("query"), window: null, query: null, columns, rows, warnings: [] };
}

function named(name: string, texts: Texts, now: number): Question {
  const file = fileOf(name);
  const ask = queryVariables(file, texts, now);
  const hasWindow = file.params.some((param) => param.name === "since");
  return async ({ reader }) => {
    const { window, variables } = await ask(reader);
    const answer = await inOurWords(
      () => reader.readRows(file.sql, variables),
      file.sql,
      reader,
      file,
    );
    const base = { schema: schemaOf("query"), window, query: name, columns: answer.columns };
    if (answer.rows.length > 0 || !hasWindow || (window && (await hasCalls(reader, window)))) {
      return { ...base, rows: answer.rows, warnings: [] };
    }
    const warnings = [await noDataWarning(reader, window ?? undefined, [], zoneOf(texts))];
    return { ...base, rows: [], warnings, no_data: true };
  };
}

function ownSql(sql: string, texts: Texts, now: number): Question {
  if (texts.all("param").length > 0) {
    throw new UsageError("--param belongs to a query by name; write the value into --sql itself.");
  }
  const { since, until } = askedWindow(texts, now);
  return async (world) => {
    const answer = await inOurWords(() => askOwn(world, sql, { since, until }), sql, world.reader);
    const window = since === undefined || until === undefined ? null : { since, until };
    return {
      schema: schemaOf("query"),
      window,
      query: null,
      columns: answer.columns,
      ...(answer.asOf !== undefined && { as_of: instantAt(answer.asOf) }),
      rows: answer.rows,
      warnings: [
        ...behindWarnings(answer.behind),
        ...(answer.asOf === undefined ? [] : ageWarnings(answer.asOf, now)),
      ],
    };
  };
}

function askOwn(
  { reader, sandbox }: AskedWorld,
  sql: string,
  variables: Variables,
): Promise<Rows & Partial<Pick<SandboxRows, "asOf" | "behind">>> {
  return sandbox === undefined ? askReader(reader, sql, variables) : sandbox.ask(sql, variables);
}

/** Milliseconds of age that nobody minds. */
const youngMillis = 5_000;

function ageWarnings(asOf: number, now: number): readonly string[] {
  const age = now - asOf;
  if (age <= youngMillis) return [];
  return [
    `These rows are as of ${plain(instantAt(asOf))} UTC, ${Math.round(age / 1000)} s ago: the copy that SQL is run on ` +
      "is renewed only every now and then. Queries by name, trace, top and explain are always up to date.",
  ];
}

function fileOf(name: string): QueryFile {
  try {
    // Files are named with hyphens; who writes SQL types underscores.
    return readQueryFile(name.replaceAll("_", "-"));
  } catch (error) {
    if (!(error instanceof UnknownQueryError)) throw error;
    throw new UsageError(`${error.message}.`);
  }
}

interface Answer {
  readonly columns: QueryEnvelope["columns"];
  readonly rows: readonly Row[];
  readonly asOf?: number | undefined;
  readonly behind?: Behind | undefined;
}

/** The answer that `ask` gives. @throws CommandError for what its SQL may not, or cannot */
async function inOurWords(
  ask: () => Promise<Rows & Partial<Pick<SandboxRows, "asOf" | "behind">>>,
  sql: string,
  reader: Reader,
  file?: QueryFile,
): Promise<Answer> {
  try {
    const rows = await ask();
    const columns = rows.columns.map(({ name, type }) => ({ name, type }));
    return { columns, rows: toRows(rows), asOf: rows.asOf, behind: rows.behind };
  } catch (error) {
    if (error instanceof NotAQueryError || error instanceof RefusedSqlError) {
      throw new UsageError(`${error.message}.`);
    }
    if (error instanceof SqlLimitError) throw new CommandError(`${error.message}.`);
    if (error instanceof SqlError) {
      const unknown = file && unknownValue(file, error.message);
      if (unknown !== undefined) throw unknown;
      const hint = await columnHint(error.message, sql, reader);
      throw new CommandError(
        `the SQL could not be run. ${error.message}${hint && `\n${hint.trim()}`}`,
      );
    }
    throw error;
  }
}

async function hasCalls(reader: Reader, window: Variables): Promise<boolean> {
  const { rows } = await reader.readRows(
    `select 1 from cost_records
     where started_at >= getvariable('since') and started_at < getvariable('until') limit 1`,
    window,
  );
  return rows.length > 0;
}
