import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count, duration, money, percent, rough } from "../format.ts";
import type { SpanRow } from "../state/answers.ts";
import { type Column, Table } from "./table.tsx";

/** Rows at first: a trace may have many thousands of spans. */
const firstRows = 400;

/** Spans as a tree is read, each with its place in time and its cost. */
export function Waterfall(props: {
  readonly rows: readonly SpanRow[];
  /** Milliseconds of the whole trace, and its dollars. */
  readonly total: number;
  readonly cost: number;
}) {
  const { rows, total, cost } = props;
  const [shown, setShown] = useState(firstRows);
  return (
    <>
      <Table
        label="Spans of the trace"
        rows={rows.slice(0, shown)}
        rowKey={({ span_id: id }) => id}
        columns={columnsOf(total, cost)}
      />
      {rows.length > shown && (
        <p>
          {count(rows.length - shown)} more spans.{" "}
          <button type="button" onClick={() => setShown(shown + 2_000)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

function columnsOf(total: number, cost: number): readonly Column<SpanRow>[] {
  return [
    { title: "Span", cell: (span) => <Name span={span} /> },
    {
      title: "Cost",
      isNumber: true,
      hint: "Of this span alone",
      cell: (span) => <OwnCost span={span} />,
    },
    {
      title: "With all under it",
      isNumber: true,
      cell: ({
        subtree_cost_usd: under,
        subtree_calls: calls,
        subtree_unpriced_calls: unpriced,
      }) =>
        calls === 0 ? (
          ""
        ) : (
          <>
            {money(under)}
            {unpriced > 0 && under !== null && (
              <span class="badge">+ {count(unpriced)} unknown</span>
            )}
          </>
        ),
    },
    {
      title: "Share",
      isNumber: true,
      isExtra: true,
      cell: ({ subtree_cost_usd: under }) =>
        under === null || cost === 0 ? "" : percent(under / cost),
    },
    {
      title: "Tokens in / out",
      isNumber: true,
      isExtra: true,
      cell: ({ input_tokens: input, output_tokens: output, cache_read_tokens: cached }) =>
        input === null && output === null ? (
          ""
        ) : (
          <span title={cached ? `${rough(cached)} of the input from a cache` : undefined}>
            {rough(input)} / {rough(output)}
          </span>
        ),
    },
    {
      title: "When",
      isExtra: true,
      hint: `From the start of the trace, ${duration(total)} in all`,
      cell: (span) => <When span={span} total={total} />,
    },
    { title: "Duration", isNumber: true, cell: ({ duration_ms: millis }) => duration(millis) },
  ];
}

function Name({ span }: { readonly span: SpanRow }) {
  const { name, depth, role } = span;
  const about = aboutOf(span);
  return (
    <span class="span-name" style={{ paddingLeft: `${Math.min(depth, 24) * 14}px` }}>
      <span class={`role role-${role ?? "other"}`} title={role ?? "not worked out yet"} />
      <span class="span-text" title={name}>
        {name}
      </span>
      {about && <span class="quiet-text"> {about}</span>}
      <Badges span={span} />
    </span>
  );
}

/** What the name of a span leaves out. */
function aboutOf({ name, role, model, tool, agent }: SpanRow): string | undefined {
  // The tool of a call is the one whose result it answers.
  if (role === "billable" && tool !== null) return `after ${tool}`;
  const about = role === "billable" ? model : (agent ?? tool ?? model);
  const isSaid = name.split(" ").some((word) => word !== "" && about?.startsWith(word));
  return about === null || isSaid ? undefined : about;
}

/** What is not usual about a span, in words. */
function Badges({ span }: { readonly span: SpanRow }) {
  const badges: [text: string, isBad: boolean][] = [];
  if (span.loop_iteration !== null && span.loop_iteration > 1)
    badges.push([`loop ${span.loop_iteration}`, span.loop_iteration > 8]);
  if (span.retry_count)
    badges.push([span.retry_count === 1 ? "1 retry" : `${span.retry_count} retries`, true]);
  if (span.status === "error") badges.push([span.error_type ?? "error", true]);
  if (span.counted_as !== null) badges.push(["counted once, elsewhere", false]);
  if (span.role === "rollup") badges.push(["repeats what is under it", false]);
  if (span.usage_quality === "missing" && span.role === "billable")
    badges.push(["no tokens told", true]);
  if (span.usage_quality === "estimated" || span.usage_quality === "partial")
    badges.push([`${span.usage_quality} tokens`, false]);
  if (span.usage_issue !== null) badges.push([span.usage_issue.replaceAll("_", " "), true]);
  return (
    <>
      {badges.map(([text, isBad]) => (
        <span key={text} class={isBad ? "badge bad" : "badge"}>
          {text}
        </span>
      ))}
    </>
  );
}

function OwnCost({ span }: { readonly span: SpanRow }): ComponentChildren {
  if (span.cost_usd !== null) return money(span.cost_usd);
  if (span.role !== "billable") return "";
  return (
    <span class="badge bad" title={span.unpriced_reason ?? undefined}>
      unknown{span.unpriced_reason ? `: ${span.unpriced_reason.replaceAll("_", " ")}` : ""}
    </span>
  );
}

function When({ span, total }: { readonly span: SpanRow; readonly total: number }) {
  const whole = Math.max(total, 1);
  const from = (100 * Math.max(0, span.offset_ms)) / whole;
  const width = Math.max(0.4, Math.min(100 - from, (100 * span.duration_ms) / whole));
  return (
    <svg
      class="when"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={`after ${duration(span.offset_ms)}`}
    >
      <rect class="when-ground" width="100" height="10" />
      <rect
        class={`when-${span.status === "error" ? "error" : (span.role ?? "other")}`}
        x={from}
        y="1"
        width={width}
        height="8"
      />
    </svg>
  );
}
