import { NotAQueryError, SqlError } from "../query.ts";
import { RefusedSqlError } from "./errors.ts";
import { allowedFunctions, allowedTableFunctions, whyRefused } from "./functions.ts";

/** Bytes of SQL that are looked at. */
export const maxSqlBytes = 65_536;

/** Views that people's SQL reads: those that are documented, and never the tables behind them. */
export const readableTables = ["cost_records", "spans", "repriced_records", "pricing_runs"];

/** What the questions in `queries/` read beside them. What stands there is in `cost_records` too, so nobody is told of it. */
const questionTables: ReadonlySet<string> = new Set([
  "labelled_records",
  "label_sets",
  "compared_periods",
  "compared_records",
  "asked_records",
  "record_labels",
]);

/** What says which columns and tables there are. */
const catalogueTables: ReadonlySet<string> = new Set([
  "information_schema.tables",
  "information_schema.columns",
  "information_schema.schemata",
  "duckdb_columns",
  "duckdb_tables",
  "duckdb_views",
]);

/** What SHOW lists without reading any table. */
const listings: ReadonlySet<string> = new Set(['"tables"', "__show_tables_expanded"]);

/** DuckDB's own reading of a statement, as JSON: the one value of `serializeSql`. */
export type ParseSql = (sql: string) => Promise<string>;

/** Gives the tree of the statement in `$sql`; only a SELECT has one. https://duckdb.org/docs/stable/data/json/sql_to_and_from_json */
export const serializeSql =
  "json_serialize_sql($sql::varchar, skip_null := true, skip_empty := true, skip_default := true)";

/**
 * Lets only a single SELECT through, or an EXPLAIN of one, that calls allowed functions and reads readable tables.
 *
 * What it does not know it refuses: a node of the tree that a newer engine has is no hole.
 *
 * @throws NotAQueryError, RefusedSqlError, and SqlError where DuckDB cannot parse it
 */
export async function checkPeoplesSql(sql: string, parse: ParseSql): Promise<void> {
  if (Buffer.byteLength(sql) > maxSqlBytes) {
    throw new RefusedSqlError(`SQL of more than ${maxSqlBytes / 1024} KB is not run here`);
  }
  if (sql.includes("\0")) throw new NotAQueryError();
  // Only blanks may stand before it: DuckDB nests comments, and what is taken for one here may be none there.
  const select = sql.replace(/^\s*explain\s+(analyze\s+)?(\(\s*format\s+\w+\s*\)\s*)?/i, "");
  const tree = JSON.parse(await parse(select)) as Tree;
  if (tree.error === true) throw refusalOf(tree);
  if (tree.statements?.length !== 1) throw new NotAQueryError();
  new Walk().check(tree.statements[0]);
}

interface Tree {
  readonly error?: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

function refusalOf({ error_type: type, error_message: message }: Tree): Error {
  const isSelect = type === "parser";
  return isSelect ? new SqlError(`Parser Error: ${message ?? ""}`) : new NotAQueryError();
}

/** An expression, a table or a part of one, as far as the gate looks at it. */
interface Node {
  readonly class?: string;
  readonly type?: unknown;
  readonly function_name?: string;
  readonly function?: Node;
  readonly children?: readonly Node[];
  readonly table_name?: string;
  readonly schema_name?: string;
  readonly catalog_name?: string;
  readonly export_state?: boolean;
  readonly query?: unknown;
  /** Of a constant. */
  readonly value?: unknown;
  readonly cte_map?: { readonly map?: readonly { readonly key?: string }[] };
}

const knownClasses: ReadonlySet<string> = new Set([
  ..."BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT DEFAULT FUNCTION LAMBDA".split(
    " ",
  ),
  ..."OPERATOR POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW".split(" "),
]);

/** Types of what is no expression: kinds of queries, of tables and of their modifiers, orders, types of values. */
const knownTypes: ReadonlySet<string> = new Set([
  ..."SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE".split(" "),
  ..."BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY PIVOT SHOW_REF".split(" "),
  ..."ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER".split(" "),
  ..."ORDER_DEFAULT ASCENDING DESCENDING".split(" "),
  ..."DECIMAL_TYPE_INFO LIST_TYPE_INFO STRUCT_TYPE_INFO ENUM_TYPE_INFO STRING_TYPE_INFO".split(" "),
  ..."GENERIC_TYPE_INFO UNBOUND_TYPE_INFO".split(" "),
]);

/** A look at every node of one statement. */
class Walk {
  /** @throws RefusedSqlError for the first node that may not be */
  check(statement: unknown): void {
    // A list of what is left, not recursion: SQL can be nested as deep as it is long.
    const left: { value: unknown; ctes: ReadonlySet<string> }[] = [
      { value: statement, ctes: new Set() },
    ];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { value } = next;
      if (typeof value !== "object" || value === null) continue;
      const ctes = Array.isArray(value) ? next.ctes : withCtes(next.ctes, value);
      const parts = Array.isArray(value) ? value : checked(value, ctes);
      for (const part of parts) left.push({ value: part, ctes });
    }
  }
}

function withCtes(ctes: ReadonlySet<string>, { cte_map: map }: Node): ReadonlySet<string> {
  const added = (map?.map ?? []).flatMap(({ key }) => (key === undefined ? [] : [key]));
  return added.length === 0 ? ctes : new Set([...ctes, ...added.map((name) => name.toLowerCase())]);
}

/** What of a node is still to be looked at. */
function checked(node: Node, ctes: ReadonlySet<string>): readonly unknown[] {
  const { class: kind, type } = node;
  if (kind !== undefined && !knownClasses.has(kind)) {
    throw kind === "PARAMETER"
      ? new RefusedSqlError("parameters have no value here: write it into the SQL")
      : new RefusedSqlError(`SQL with ${readable(kind)} cannot be run here`);
  }
  if (node.function_name !== undefined) checkFunction(node);
  if (kind === undefined && typeof type === "string") {
    if (type === "ARRAY_TYPE_INFO") {
      throw new RefusedSqlError("types of a fixed size such as INTEGER[3] cannot be used here");
    }
    if (!knownTypes.has(type)) {
      throw new RefusedSqlError(`SQL with ${readable(type)} cannot be run here`);
    }
    if (type === "BASE_TABLE") checkTable(node, ctes);
    if (type === "SHOW_REF") checkListing(node);
    if (type === "TABLE_FUNCTION" && node.function !== undefined) {
      checkTableFunction(node.function);
      // Its name has been looked at, as that of a table; what it is given has not.
      return [...Object.values({ ...node, function: undefined }), ...Object.values(node.function)];
    }
  }
  return Object.values(node);
}

function readable(name: string): string {
  return name.toLowerCase().replaceAll("_", " ");
}

/** Steps of at least an hour. A series of them is short for any time that a call can have. */
const longSteps: ReadonlySet<string> = new Set(
  "to_hours to_days to_weeks to_months to_quarters to_years".split(" "),
);

/** Bits that a text of them may have, where the SQL says how many. */
const mostBits = 4096;

/** Whether bits are gathered between 0 and a number that is written down, and not too large. */
function gathersFewBits([, least, most]: readonly Node[] = []): boolean {
  const last = wholeOf(most);
  return wholeOf(least) === 0 && last !== undefined && last >= 0 && last < mostBits;
}

/** A constant that is a whole number. */
function wholeOf(node: Node | undefined): number | undefined {
  const value = node?.class === "CONSTANT" && (node.value as { readonly value?: unknown }).value;
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function checkFunction(node: Node): void {
  const name = (node.function_name ?? "").toLowerCase();
  if (name === "bitstring_agg" && gathersFewBits(node.children)) return;
  if (node.export_state === true) throw refusedFunction("export_state");
  if (name === "range" || name === "generate_series") {
    const [, , step] = node.children ?? [];
    if (longSteps.has(step?.function_name ?? "")) return;
    throw new RefusedSqlError(
      `${name}() makes lists of any size and can only be read as a table here ("from ${name}(1, 10)"), ` +
        "or have an interval of hours or more as its step",
    );
  }
  if (!allowedFunctions.has(name)) throw refusedFunction(name);
}

function checkTableFunction({ function_name: name = "" }: Node): void {
  if (!allowedTableFunctions.has(name.toLowerCase())) throw refusedFunction(name.toLowerCase());
}

function refusedFunction(name: string): RefusedSqlError {
  const why = whyRefused(name);
  return new RefusedSqlError(
    why === undefined
      ? `${name}() is none of the functions that can be used here`
      : `${name}() cannot be used here: it ${why}`,
  );
}

function checkTable(node: Node, ctes: ReadonlySet<string>): void {
  const [catalog, schema, table] = [node.catalog_name, node.schema_name, node.table_name].map(
    (name) => (name ?? "").toLowerCase(),
  );
  const name = [catalog, schema, table].filter((part) => part !== "").join(".");
  if (ctes.has(name)) return;
  const ours = catalog === "" && (schema === "" || schema === "main");
  if (ours && (readableTables.includes(table ?? "") || questionTables.has(table ?? ""))) return;
  if (catalogueTables.has(name)) return;
  throw new RefusedSqlError(
    `${name} cannot be read here: there are ${readableTables.slice(0, -1).join(", ")} and ${readableTables.at(-1)}`,
  );
}

/** DESCRIBE, SUMMARIZE and SHOW of a query, which is looked at like any other, or of the tables that there are. */
function checkListing({ query, table_name: name = "" }: Node): void {
  if (query !== undefined || listings.has(name) || name === "") return;
  throw new RefusedSqlError(`SHOW of ${name.replaceAll('"', "")} cannot be run here`);
}
