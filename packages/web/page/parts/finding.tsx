import { tracePath } from "../../src/address/views.ts";
import { factorInWords } from "../../src/factor-words.ts";
import { count, counted, instant, money, moneyChange, percent, rough } from "../format.ts";
import { linkTo, useAddress } from "../state/address.ts";
import type { Amount, Figures, Finding } from "../state/answers.ts";
import { noValue } from "./hues.ts";
import { Table } from "./table.tsx";

/** A place where the change is: how much of it, by what mechanism, and traces to look at. */
export function FindingCard({ finding }: { readonly finding: Finding }) {
  const { params } = useAddress();
  const filters = Object.entries(finding.segment).map(
    ([name, value]) => `${name}=${value ?? noValue}`,
  );
  const where = [...new Set([...params.getAll("where"), ...filters])];
  const { confidence, hidden_usd: hidden } = finding;
  return (
    <li class="finding">
      <div class="finding-head">
        <strong class="mono">{filters.join(", ") || "all calls"}</strong>
        {hidden !== null && <span class="dearer-text">{moneyChange(hidden)} hidden</span>}
        <span class={finding.delta_usd > 0 ? "dearer-text" : "cheaper-text"}>
          {moneyChange(finding.delta_usd)} {hidden !== null && "in all"}
        </span>
        {hidden === null && finding.share !== null && (
          <span>{percent(finding.share)} of the change</span>
        )}
        {confidence && (
          <span class="badge" title="The change in nine of ten draws of requests and days">
            {hidden === null ? `${confidence.level} confidence` : "in all"},{" "}
            {moneyChange(confidence.low_usd)} to {moneyChange(confidence.high_usd)}
          </span>
        )}
      </div>
      <p>{finding.sentence}</p>
      <ul class="factors">
        {finding.factors
          .filter(({ delta_usd: amount }) => amount !== 0)
          .toSorted((a, b) => Math.abs(b.delta_usd) - Math.abs(a.delta_usd))
          .map(({ factor, delta_usd: amount }) => (
            <li key={factor}>
              {factorInWords(factor, amount)}{" "}
              <span class={amount > 0 ? "dearer-text" : "cheaper-text"}>{moneyChange(amount)}</span>
            </li>
          ))}
      </ul>
      <p class="actions">
        <a href={linkTo("/explain", { where })}>Look at this alone</a>
        <a href={linkTo("/traces", { where })}>Its traces</a>
        {finding.examples.map(({ trace_id: id, cost_usd: cost, calls }) => (
          <a key={id} class="mono" href={linkTo(tracePath(id))}>
            {id.slice(0, 8)}{" "}
            <span class="amount">
              {money(cost)}, {counted(calls, "call")}
            </span>
          </a>
        ))}
      </p>
      {finding.first_seen && (
        <p class="quiet-text">First seen {instant(finding.first_seen)} UTC.</p>
      )}
      <details>
        <summary>Before and after</summary>
        <BeforeAfter before={finding.before} after={finding.after} />
      </details>
    </li>
  );
}

const figures: readonly (readonly [string, keyof Figures, (value: Amount) => string])[] = [
  ["Requests", "requests", count],
  ["Calls per request", "calls_per_request", count],
  ["Attempts per call", "attempts_per_call", count],
  ["Input tokens per call", "input_tokens_per_call", rough],
  ["Input from a cache", "cached_share", percent],
  ["Output tokens per call", "output_tokens_per_call", rough],
];

function BeforeAfter({ before, after }: Pick<Finding, "before" | "after">) {
  return (
    <Table
      label="Before and after"
      rows={figures}
      rowKey={([name]) => name}
      columns={[
        { title: "", cell: ([name]) => name },
        { title: "Baseline", isNumber: true, cell: ([, name, text]) => text(before[name]) },
        { title: "This window", isNumber: true, cell: ([, name, text]) => text(after[name]) },
      ]}
    />
  );
}
