import type { Range } from "../../src/address/range.ts";
import { ownSqlName, queryPath } from "../../src/address/views.ts";
import { Failure, Progress } from "../parts/notice.tsx";
import { OwnSql } from "../parts/own-sql.tsx";
import { QueryPanel } from "../parts/query-panel.tsx";
import { linkTo, useAddress } from "../state/address.ts";
import type { Answer, NamedQuery } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";

/** The named queries, each with its parameters, its SQL and its answer; and SQL of one's own. */
export function QueriesView({
  range,
  revision,
}: {
  readonly range: Range;
  readonly revision: string;
}) {
  const { path } = useAddress();
  const asked = useAnswer<Answer<NamedQuery>>(api("page/queries"));
  const name = path.split("/")[2];
  const query = asked.answer?.rows.find((candidate) => candidate.name === name);
  // What explain asks itself is no question of people, as in spancost query --list.
  const queries = (asked.answer?.rows ?? []).filter(
    (one) => !one.name.startsWith("explain-") || one === query,
  );
  return (
    <div class="with-list">
      <nav class="list" aria-label="Queries">
        <Progress isLoading={asked.isLoading} />
        <Failure error={asked.error} />
        <ul>
          <li>
            <a
              href={linkTo(queryPath(ownSqlName))}
              aria-current={name === ownSqlName ? "page" : undefined}
            >
              Your own SQL
            </a>
          </li>
          {queries.map(({ name: other, title }) => (
            <li key={other}>
              <a
                href={linkTo(queryPath(other))}
                title={title}
                aria-current={name === other ? "page" : undefined}
              >
                {other}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div>
        {query && <QueryPanel key={query.name} {...{ query, range, revision }} />}
        {name === ownSqlName && <OwnSql range={range} />}
        {asked.answer && !query && name !== ownSqlName && (
          <div>
            <h2>{name === undefined ? "Choose a query" : `There is no query ${name}`}</h2>
            <p class="quiet-text">
              Each is one question about the window, as a file of SQL that can be read, changed and
              run elsewhere too: spancost query NAME.
            </p>
            <dl class="questions">
              {queries.map(({ name: other, title }) => (
                <div key={other}>
                  <dt>
                    <a href={linkTo(queryPath(other))}>{other}</a>
                  </dt>
                  <dd>{title}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </div>
    </div>
  );
}
