import { tracePath } from "../../src/address/views.ts";
import { cellText, columnTitle, count } from "../format.ts";
import { linkTo } from "../state/address.ts";
import type { QueryAnswer } from "../state/answers.ts";
import { type Column, Table } from "./table.tsx";

/** Rows that are shown: an answer may have many thousands, which a file is for. */
const mostRows = 500;

type Row = QueryAnswer["rows"][number];

/** The rows of a query, whatever its columns are. */
export function AnswerTable({
  answer,
  label,
}: {
  readonly answer: QueryAnswer;
  readonly label: string;
}) {
  const { columns, rows } = answer;
  if (rows.length === 0) return <p class="quiet-text">No rows.</p>;
  return (
    <div class="answer">
      <Table
        label={label}
        rows={rows.slice(0, mostRows)}
        rowKey={(_, index) => String(index)}
        columns={columns.map(columnOf)}
      />
      {rows.length > mostRows && (
        <p class="quiet-text">
          The first {mostRows} of {count(rows.length)} rows. All of them are in the export.
        </p>
      )}
    </div>
  );
}

function columnOf({ name, type }: QueryAnswer["columns"][number]): Column<Row> {
  return {
    title: columnTitle(name),
    isNumber: /^(U?(BIG|SMALL|TINY|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type),
    cell: (row) => {
      const value = row[name];
      if (/(^|_)trace_id$/.test(name) && typeof value === "string") {
        return (
          <a class="mono" href={linkTo(tracePath(value))}>
            {value.slice(0, 12)}
          </a>
        );
      }
      const look = type.startsWith("TIMESTAMP") ? "cell instant" : "cell";
      return <span class={look}>{cellText(name, value)}</span>;
    },
  };
}
