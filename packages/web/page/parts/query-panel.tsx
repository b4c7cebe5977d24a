import type { Range } from "../../src/address/range.ts";
import { ownSqlName, queryPath } from "../../src/address/views.ts";
import { capital, counted } from "../format.ts";
import { change, linkTo, useAddress } from "../state/address.ts";
import type { NamedQuery, QueryAnswer, QueryParam } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import { AnswerTable } from "./answer-table.tsx";
import { Copy } from "./copy.tsx";
import { Failure, Panel, Warnings } from "./notice.tsx";
import { Words } from "./words.tsx";

/** One named query: what it asks, with which parameters, what it answers, and its SQL. */
export function QueryPanel(props: {
  readonly query: NamedQuery;
  readonly range: Range;
  readonly revision: string;
}) {
  const { query, range, revision } = props;
  const { params } = useAddress();
  const has = (name: string) => query.params.some((param) => param.name === name);
  const given = params.getAll("param").filter((text) => has(text.split("=", 1)[0] ?? ""));
  const question = {
    name: query.name,
    ...(has("since") && { since: range.window.since }),
    ...(has("until") && { until: range.window.until }),
    param: given,
    run: params.get("run") ?? undefined,
  };
  const missing = query.params.filter(
    ({ name, default: preset }) =>
      preset === null && !(name in question) && !given.some((text) => text.startsWith(`${name}=`)),
  );
  const asked = useAnswer<QueryAnswer>(
    missing.length === 0 ? api("query", question) : undefined,
    revision,
  );
  const own = query.params.filter(({ name }) => name !== "since" && name !== "until");
  return (
    <Panel
      id="query"
      title={capital(query.title)}
      isLoading={asked.isLoading && missing.length === 0}
      beside={
        missing.length === 0 && (
          <span class="beside">
            Export:
            {(["csv", "json"] as const).map((format) => (
              <a
                key={format}
                download={`${query.name}.${format}`}
                href={api("query", { ...question, format })}
              >
                {format.toUpperCase()}
              </a>
            ))}
          </span>
        )
      }
    >
      {query.description && (
        <p class="quiet-text">
          <Words text={query.description} />
        </p>
      )}
      {own.length > 0 && <Params key={String(params)} params={own} given={given} />}
      {missing.length > 0 ? (
        <p>This query needs {missing.map(({ name }) => name).join(", ")}.</p>
      ) : (
        <Failure error={asked.error} />
      )}
      <Warnings warnings={asked.answer?.no_data ? undefined : asked.answer?.warnings} />
      {asked.answer && missing.length === 0 && (
        <>
          <AnswerTable answer={asked.answer} label={query.title} />
          <p class="quiet-text">{counted(asked.answer.rows.length, "row")}</p>
        </>
      )}
      <details open>
        <summary>Its SQL</summary>
        <p class="actions">
          <Copy label="Copy SQL" text={() => query.sql} />
          <a href={linkTo(queryPath(ownSqlName), { sql: query.sql })}>Change it</a>
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre class="sql" tabIndex={0}>
          <code>{query.sql}</code>
        </pre>
      </details>
    </Panel>
  );
}

/** A field for each parameter that is not the window; what is empty is as the query has it. */
function Params(props: {
  readonly params: readonly QueryParam[];
  readonly given: readonly string[];
}) {
  const { params, given } = props;
  function run(event: Event) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const set = params.flatMap(({ name }) => {
      const text = String(fields.get(name) ?? "").trim();
      return text === "" ? [] : [`${name}=${text}`];
    });
    change({ param: set });
  }
  const textOf = (name: string) =>
    given.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  return (
    <form class="params" onSubmit={run}>
      {params.map(({ name, default: preset, help, type }) => (
        <label key={name} title={`${type}${help ? `: ${help}` : ""}`}>
          {name}
          <input
            name={name}
            defaultValue={textOf(name)}
            placeholder={preset ?? "required"}
            size={14}
          />
        </label>
      ))}
      <button type="submit" class="strong">
        Run
      </button>
    </form>
  );
}
