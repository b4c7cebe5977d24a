import type { ComponentChildren } from "preact";
import type { Range } from "../../src/address/range.ts";
import { queryPath } from "../../src/address/views.ts";
import { count, counted, percent } from "../format.ts";
import { AnswerTable } from "../parts/answer-table.tsx";
import { Failure, Panel } from "../parts/notice.tsx";
import { linkTo } from "../state/address.ts";
import type { QueryAnswer, Trust } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";

interface Check {
  readonly query: string;
  readonly title: string;
  /** What it means, and what to do about it. */
  readonly about: string;
  readonly fine: string;
}

/** What can be wrong with the figures, worst first. */
const checks: readonly Check[] = [
  {
    query: "unpriced",
    title: "Models without a price",
    about:
      "Their cost is unknown and in no amount. A contract file gives them a price: spancost prices load FILE.",
    fine: "Every call of the window has a price.",
  },
  {
    query: "told-in-two-traces",
    title: "Calls told in two traces, counted twice",
    about:
      "Two emitters put the same call into traces of their own, and the amounts hold it twice. Turn one of the two off for that " +
      "service, or let both write into one trace.",
    fine: "No call of the window is told in two traces, as far as emitters tell the ids of answers.",
  },
  {
    query: "usage-issues",
    title: "Tokens that contradict themselves, or are missing",
    about: "They are kept as they were sent. The cost of such calls may be off, or unknown.",
    fine: "All calls of the window told their tokens, and without a contradiction.",
  },
  {
    query: "unattributed",
    title: "Calls without an owner",
    about: "They are (none) in every split. The service that sends them can set the attribute.",
    fine: "Every call of the window has a feature, a team, a user and a release.",
  },
  {
    query: "duplicates",
    title: "Calls told twice, counted once",
    about:
      "Two instrumentations saw the same call. Nothing is to be done; one of them can be turned off.",
    fine: "No call of the window was told twice.",
  },
  {
    query: "lost-calls",
    title: "Requests to models that no record speaks of",
    about: "The provider billed them. Their client needs an instrumentation that this one knows.",
    fine: "Every request to a model in the window has its record.",
  },
  {
    query: "reported-cost",
    title: "Costs that others report, beside ours",
    about:
      "Where they differ, one of the two has an old price, misses a discount or reads cached tokens otherwise.",
    fine: "Nobody reported a cost of their own in the window.",
  },
];

/** How far the figures of the window can be trusted, and what to do about what is missing. */
export function QualityView({
  range,
  revision,
}: {
  readonly range: Range;
  readonly revision: string;
}) {
  return (
    <>
      <Shares {...{ range, revision }} />
      {checks.map((check) => (
        <CheckPanel key={check.query} {...{ check, range, revision }} />
      ))}
    </>
  );
}

function Shares({ range, revision }: { readonly range: Range; readonly revision: string }) {
  const asked = useAnswer<QueryAnswer>(api("query", { name: "trust", ...range.window }), revision);
  const trust = asked.answer?.rows[0] as (Trust & { readonly calls: number }) | undefined;
  if (asked.error !== undefined) return <Failure error={asked.error} />;
  return (
    <dl class="figures">
      <Figure label="Calls in the window" value={count(trust?.calls)} note="each counted once" />
      <Figure
        label="Priced"
        value={percent(trust?.priced_share)}
        note={`${counted(trust?.unpriced_calls ?? 0, "call")} of unknown cost`}
      />
      <Figure
        label="Attributed to a feature"
        value={percent(trust?.attributed_share)}
        note="the others are (none)"
      />
      <Figure
        label="Usage unknown"
        value={count(trust?.unknown_usage_calls)}
        note="calls that told no tokens"
      />
      <Figure
        label="Usage not exact"
        value={count((trust?.estimated_usage_calls ?? 0) + (trust?.partial_usage_calls ?? 0))}
        note={`${count(trust?.estimated_usage_calls)} estimated, ${count(trust?.partial_usage_calls)} partial`}
      />
      <Figure
        label="Cache split unknown"
        value={count(trust?.cache_split_unknown_calls)}
        note="calls that did not say what came from a cache"
      />
      <Figure
        label="Duplicates dropped"
        value={count(trust?.deduplicated)}
        note="spans that told of a call again"
      />
    </dl>
  );
}

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly note: ComponentChildren;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd class="value">{props.value}</dd>
      <dd class="note">{props.note}</dd>
    </div>
  );
}

function CheckPanel(props: {
  readonly check: Check;
  readonly range: Range;
  readonly revision: string;
}) {
  const { check, range, revision } = props;
  const url = api("query", { name: check.query, ...range.window });
  const asked = useAnswer<QueryAnswer>(url, revision);
  const rows = asked.answer?.rows.length;
  return (
    <Panel
      id={check.query}
      title={check.title}
      isLoading={asked.isLoading}
      beside={
        <span class="beside">
          <a href={linkTo(queryPath(check.query))}>As a query</a>
        </span>
      }
    >
      <Failure error={asked.error} />
      {rows === 0 && <p class="calm">✓ {check.fine}</p>}
      {asked.answer && rows !== 0 && (
        <>
          <p class="quiet-text">{check.about}</p>
          <AnswerTable answer={asked.answer} label={check.title} />
        </>
      )}
    </Panel>
  );
}
