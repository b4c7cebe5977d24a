import type { Range } from "../../src/address/range.ts";
import { verdictWords } from "../../src/verdict-words.ts";
import {
  count,
  counted,
  instant,
  money,
  moneyChange,
  nothing,
  percent,
  span,
  times,
} from "../format.ts";
import { Bridge } from "../parts/bridge.tsx";
import { Compare } from "../parts/compare.tsx";
import { EmptyWindow } from "../parts/empty-window.tsx";
import { FindingCard } from "../parts/finding.tsx";
import { noValue } from "../parts/hues.ts";
import { Failure, Panel, Warnings } from "../parts/notice.tsx";
import { ReportLinks } from "../parts/report-links.tsx";
import { Table } from "../parts/table.tsx";
import { TimelinePanel } from "../parts/timeline-panel.tsx";
import { useAddress } from "../state/address.ts";
import type { Explanation, Now } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import type { Revision } from "../state/now.ts";

/** Why the window cost what it cost: what changed, by how much, and where. */
export function ExplainView({
  now,
  range,
  revision,
}: {
  readonly now: Now;
  readonly range: Range;
  readonly revision: Revision;
}) {
  const { params } = useAddress();
  const question = {
    ...range.window,
    where: params.getAll("where"),
    baseline: params.get("baseline") ?? undefined,
    run: params.get("run") ?? undefined,
  };
  const asked = useAnswer<Explanation>(api("explain", question), revision.minute);
  const found = asked.answer;
  return (
    <>
      <TimelinePanel range={range} revision={revision.calls} />
      <Panel
        id="explain"
        title="Why this window cost what it cost"
        isLoading={asked.isLoading}
        beside={<ReportLinks question={question} />}
      >
        <Failure error={asked.error} />
        {found === undefined && asked.isLoading && (
          <p class="quiet-text">What changed, and where, is being worked out …</p>
        )}
        {found?.no_data && <EmptyWindow range={range} now={now} />}
        {found && !found.no_data && <Explained found={found} />}
      </Panel>
      {found && !found.no_data && (
        <Compare
          question={question}
          revision={revision.minute}
          hasBaseline={found.baseline !== null}
        />
      )}
    </>
  );
}

function Explained({ found }: { readonly found: Explanation }) {
  return (
    <>
      <Totals found={found} />
      <p class="summary">{found.summary}</p>
      <Warnings warnings={found.warnings} />
      {found.baseline === null ? <Spend found={found} /> : <Changed found={found} />}
    </>
  );
}

/** The change from a baseline that there is, by what and where. */
function Changed({ found }: { readonly found: Explanation }) {
  return (
    <div class="columns">
      <div>
        <h3>From the usual cost to this one</h3>
        <Bridge found={found} />
      </div>
      <div>
        <h3>Where the change is</h3>
        {found.quiet_sentence !== null && <p>{found.quiet_sentence}</p>}
        <ol class="findings">
          {found.findings.map((finding) => (
            <FindingCard key={finding.sentence} finding={finding} />
          ))}
        </ol>
        <Releases found={found} />
      </div>
    </div>
  );
}

/** Where the money goes, where nothing says what is usual. */
function Spend({ found }: { readonly found: Explanation }) {
  return (
    <>
      <h3>Where it goes</h3>
      <Table
        label="Features by what they cost"
        rows={found.spend}
        rowKey={({ feature }) => String(feature)}
        columns={[
          { title: "Feature", cell: ({ feature }) => feature ?? noValue },
          { title: "Cost", isNumber: true, cell: ({ cost_usd: cost }) => money(cost) },
          {
            title: "Share",
            isNumber: true,
            cell: ({ cost_usd: cost }) =>
              cost === null || !found.cost_usd ? nothing : percent(cost / found.cost_usd),
          },
          { title: "Calls", isNumber: true, cell: ({ calls }) => count(calls) },
        ]}
      />
    </>
  );
}

function Totals({ found }: { readonly found: Explanation }) {
  const { cost_usd: cost, baseline_cost_usd: before, delta_usd: delta, trust } = found;
  const ratio = times(cost, before);
  const direction = delta === null ? "" : delta > 0 ? "dearer-text" : "cheaper-text";
  return (
    <dl class="figures">
      <div>
        <dt>This window</dt>
        <dd class="value">{money(cost)}</dd>
        <dd class="note">{found.window && span(found.window.since, found.window.until)}</dd>
      </div>
      <div>
        <dt>Baseline</dt>
        <dd class="value">{found.baseline ? money(before) : "none"}</dd>
        <dd class="note">
          {found.baseline
            ? `${stretches(found)}, ${instant(found.baseline.since)} to ${instant(found.baseline.until)}`
            : "nothing to compare with"}
        </dd>
      </div>
      <div>
        <dt>Change</dt>
        <dd class={`value ${direction}`}>{found.baseline ? moneyChange(delta) : nothing}</dd>
        <dd class="note">{ratio ? `${ratio} the baseline` : ""}</dd>
      </div>
      <div>
        <dt>Trust</dt>
        <dd class="value">{percent(trust.priced_share)} priced</dd>
        <dd class="note">
          of {counted(trust.calls ?? 0, "call")}; {percent(trust.attributed_share)} have a feature
        </dd>
      </div>
    </dl>
  );
}

function Releases({ found }: { readonly found: Explanation }) {
  if (found.releases.length === 0) return null;
  return (
    <>
      <h3>Releases that are new beside the baseline</h3>
      <ul class="releases">
        {found.releases.map(({ service, release, verdict, control, sentence }) => (
          <li key={`${service} ${release}`}>
            <span class={verdict === "explains" ? "badge bad" : "badge"}>
              {verdictWords(verdict, control)}
            </span>{" "}
            {sentence}
          </li>
        ))}
      </ul>
    </>
  );
}

function stretches({ baseline_periods: periods, baseline_day_kind: kind }: Explanation): string {
  const days = kind === null ? "" : ` of ${kind} days`;
  return periods === 1
    ? `a stretch of its own${days}`
    : `mean of ${periods} stretches of the same length${days}`;
}
