import type { Range } from "../../src/address/range.ts";
import { counted } from "../format.ts";
import { change, useAddress } from "../state/address.ts";
import type { QueryAnswer } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import { AnswerTable } from "./answer-table.tsx";
import { Failure, Panel, Warnings } from "./notice.tsx";

const example = `select feature, count(*) as calls, sum(cost_usd) as cost_usd
from cost_records
where started_at >= getvariable('since') and started_at < getvariable('until')
group by feature
order by cost_usd desc nulls last`;

/** One SELECT of the reader's own. The receiver runs it on a copy, where it can do no harm. */
export function OwnSql({ range }: { readonly range: Range }) {
  const { params } = useAddress();
  const sql = params.get("sql");
  const question = { sql: sql ?? "", ...range.window };
  const asked = useAnswer<QueryAnswer>(sql ? api("query", question) : undefined);
  function run(event: Event) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get("sql")).trim();
    if (text !== "") change({ sql: text });
  }
  return (
    <Panel
      id="own"
      title="Your own SQL"
      isLoading={sql !== null && asked.isLoading}
      beside={
        sql && (
          <span class="beside">
            Export:
            {(["csv", "json"] as const).map((format) => (
              <a
                key={format}
                download={`answer.${format}`}
                href={api("query", { ...question, format })}
              >
                {format.toUpperCase()}
              </a>
            ))}
          </span>
        )
      }
    >
      <p class="quiet-text">
        One SELECT over the views cost_records and spans. getvariable('since') and
        getvariable('until') are the window.
      </p>
      <form onSubmit={run}>
        <textarea key={sql} name="sql" class="mono" rows={10} spellcheck={false} aria-label="SQL">
          {sql ?? example}
        </textarea>
        <p>
          <button type="submit" class="strong">
            Run
          </button>
        </p>
      </form>
      {sql && <Failure error={asked.error} />}
      <Warnings warnings={asked.answer?.warnings} />
      {sql && asked.answer && (
        <>
          <AnswerTable answer={asked.answer} label="Your own SQL" />
          <p class="quiet-text">{counted(asked.answer.rows.length, "row")}</p>
        </>
      )}
    </Panel>
  );
}
