import type { QueryFile } from "../../packages/store/src/query-files.ts";

/** The text of queries/README.md: how to run the queries, how to write one, and what there is. */
export function queriesReadme(files: readonly QueryFile[]): string {
  return `# Queries

One question per file, about what model calls cost. Each file is a single SELECT on the view \`cost_records\` (one row per
billable call) or \`spans\`, and runs unchanged in three places:

\`\`\`sh
spancost query spike-by-feature --param since=2026-11-19T14:10 --param until=2026-11-19T17:35
spancost query spike-by-feature --format csv > spike.csv
spancost snapshot spans.duckdb && duckdb spans.duckdb -cmd "set variable since = timestamp '2026-11-19 14:10'" -f queries/spike-by-feature.sql
\`\`\`

- A parameter is a DuckDB variable: \`set variable since = …\` before the query, \`reset variable since\` after it. What
  holds while it is not set stands in the file. Times are UTC; a window begins with \`since\` and ends before \`until\`.
- \`spancost query\` needs neither: \`until\` is the last record, or now where \`--since\` is given, and \`since\` is the first
  record, or a day before \`until\` in queries that compare. A value that a query does not know ends with exit code 2.
- Money is exact: DECIMAL with 12 decimals. A mean of money is called so, and is rounded. \`null\` is an unknown
  cost and never 0; beside each sum stands how many calls have no price, and of how many no tokens are known.
- A use of a tool that a contract prices is a record like a call: without tokens, and under its own name where models
  are asked for.
- What adds up by many labels at once reads the view \`labelled_records\`: the same records with \`labels_number\`, one number for
  all labels of a record but its user and conversation. The table \`label_sets\` says what it stands for, up to 250,000
  different sets of labels; a record beyond them has a number of its own below 0, and its labels in its own columns.
  \`trace_number\` is one number for each trace, which is faster to count than its id.
- How far a window can be believed says [trust](trust.sql): what is priced, attributed and counted once. What is
  attributed by which dimension: [trust-by-dimension](trust-by-dimension.sql); what was told twice:
  [duplicates](duplicates.sql).

## What there is

${files.map(indexLine).join("\n")}

## How a file begins

\`\`\`sql
-- name-of-the-file: what it answers, in one sentence.
--
-- What a reader must know beyond that.
--
-- params   since     timestamp       first record  first instant counted, UTC
--          trace_id  varchar         required      32 hex digits
-- reads    cost_records                            one row per billable call
-- returns  feature   varchar         null for calls without one
--          cost_usd  decimal(38,12)  exact; null where none is priced
-- order    cost_usd, dearest first; then feature
\`\`\`

Cells stand two or more blanks apart: of a parameter its name, type, what holds while it is not set (or \`required\`)
and its meaning; of a column its name, type and meaning. A test compares the columns with those of the statement, and
\`test/queries/\` holds a script of rows in and rows out for each file. This page is made from the headers:
\`npx vitest run --config test/vitest.config.ts --root . test/queries.test.ts -u\`.
`;
}

function indexLine(file: QueryFile): string {
  const params = file.params.map((param) => `\`${param.name}\``).join(", ");
  return `- [${file.name}](${file.name}.sql): ${file.title}\n  ${params}`;
}
