import type { QueryFile } from "../../packages/store/src/query-files.ts";

/** The text of queries/README.md: how to run the queries, how to write one, and what there is. */
export function queriesReadme(files: readonly QueryFile[]): string {
  return `# Queries

One question per file, about what model calls cost. Each file is a single SELECT on the view \`cost_records\` (one row per
billable call) or \`spans\`, and runs unchanged in three places (\`duckdb\` 1.4.2 or newer):

\`\`\`sh
spancost query spike-by-feature --param since=2026-11-19T14:10 --param until=2026-11-19T17:35
spancost query spike-by-feature --format csv > spike.csv
spancost snapshot spans.duckdb && duckdb spans.duckdb -cmd "set variable since = timestamp '2026-11-19 14:10'" -f queries/spike-by-feature.sql
\`\`\`

- A parameter is a DuckDB variable: \`set variable since = …\` before the query, \`reset variable since\` after it. What
  holds while it is not set stands in the file. Times are UTC; a window begins with \`since\` and ends before \`until\`.
- \`spancost query\` needs neither: \`until\` is the last record, or now where \`--since\` is given, and \`since\` is the first
  record, or a day before \`until\` in queries that compare. A value that a query does not know ends with exit code 2.
- Where a file calls a parameter \`required\`, set it in plain DuckDB too, \`until\` among them: without it the answer is not that there
  is nothing, though it has no rows. [runaway-runs](runaway-runs.sql) and [release-comparison](release-comparison.sql) are such files.
- Money is exact: DECIMAL with 12 decimals. A mean of money is called so, and is rounded. \`null\` is an unknown
  cost and never 0; beside each sum stands how many calls have no price, and of how many no tokens are known.
- A use of a tool that a contract prices is a record like a call: without tokens, and under its own name where models
  are asked for.
- What adds up by many labels at once reads the view \`labelled_records\`: the same records with \`labels_number\`, one number for
  all labels of a record but its user and conversation. The table \`label_sets\` says what it stands for, up to 250,000
  different sets of labels; a record beyond them has a number of its own below 0, and its labels in its own columns.
  \`trace_number\` is one number for each trace, which is faster to count than its id.
- What questions that compare have in common stands in the database once, and is described [below](#what-stands-in-the-database).
- How far a window can be believed says [trust](trust.sql): what is priced, attributed and counted once. What is
  attributed by which dimension: [trust-by-dimension](trust-by-dimension.sql); what was told twice:
  [duplicates](duplicates.sql), and what is counted twice because it was told in different traces:
  [told-in-two-traces](told-in-two-traces.sql).

## What there is

${files.map(indexLine).join("\n")}

## What stands in the database

Views and macros that several files read. They read the variables of the question that reads them. Their SQL is in
[0010-compared-records.sql](../packages/store/sql/migrations/0010-compared-records.sql), and in each database:
\`select sql from duckdb_views() where view_name = 'asked_records'\`. A file that an older spancost wrote has them once this one
has opened it, and a snapshot if it was taken after that.

- \`compared_periods\`: when the window was, and the periods of its baseline. The window is from \`since\` to \`until\`; without
  them the last 24 hours that have records. The baseline is the same hours of the 7 days before it, or those lengths of
  the window, in whole days, that \`baseline_days\` says, or the range from \`baseline_since\` to \`baseline_until\`. \`period\` is 0
  for the window, n for the nth length of it before, 1 for a range. What lies before the hour of the first record is left out.
- \`compared_records\`: the records from the first of these periods to the last, and between them, with the columns of
  \`labelled_records\` and two more: \`model\`, as the provider answered, else as it was asked for, and of a use of a tool its
  name; \`loop_depth\`, the place in an agent's run: 1, 2, 3-4, 5-8, 9-16 or 17+.
- \`asked_records\`: those of \`compared_records\` that have the labels which the variables \`feature\`, \`release\` and so on to \`tag\` say, as
  the header of [explain-cells](explain-cells.sql) lists them. A variable that is not set leaves all.
- \`period_of(started_at)\`: the number of the period that an instant is in, null between them. It needs \`since\` and \`until\`.
- \`record_labels\`: by \`labels_number\` the labels, those of \`label_sets\` and, in the same time, those of records without one.
- \`spike_by(column)\`: what \`compared_records\` cost by the values of a column in the window and in the baseline, as the spike queries
  tell it. It takes any column, and what is made of columns: \`from spike_by(tags['tenant'])\`.
- \`told_as('feature', feature)\`: the value where the variable \`told\` names it, else \`(other)\`; \`told_tag(0, tags)\` the same of the
  first tag in it. \`is_asked('feature', feature)\`: whether the variable \`feature\` is not set, or says this value; \`(none)\` says null.

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
