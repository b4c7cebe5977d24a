import { useState } from "preact/hooks";
import { count, counted, duration, instant, money, percent, rough } from "../format.ts";
import { Copy } from "../parts/copy.tsx";
import { Failure, Panel, Warnings } from "../parts/notice.tsx";
import { Waterfall } from "../parts/waterfall.tsx";
import { useAddress } from "../state/address.ts";
import type { Receiver, SpanRow, Trace } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";

/** One trace as a tree: what each span and all under it cost, and when it ran. */
export function TraceView(props: {
  readonly traceId: string;
  readonly receiver: Receiver | undefined;
  readonly revision: string;
}) {
  const { traceId, receiver, revision } = props;
  const run = useAddress().params.get("run") ?? undefined;
  const asked = useAnswer<Trace>(api("trace", { trace_id: traceId, run }), revision);
  const [onlyCosts, setOnlyCosts] = useState(false);
  const trace = asked.answer;
  const rows = trace ? (onlyCosts ? costly(trace.rows) : trace.rows) : [];
  return (
    <Panel
      id="trace"
      title={`Trace ${trace?.trace_id ?? traceId}`}
      isLoading={asked.isLoading}
      beside={
        <span class="beside">
          <Copy label="Copy id" text={() => trace?.trace_id ?? traceId} />
          {receiver?.trace_link && (
            <a
              href={receiver.trace_link.replaceAll("{trace_id}", trace?.trace_id ?? traceId)}
              target="_blank"
              rel="noreferrer noopener"
            >
              See it in the tracing backend
            </a>
          )}
        </span>
      }
    >
      <Failure error={asked.error} />
      {trace && (
        <>
          <Totals trace={trace} />
          <Warnings warnings={trace.warnings} />
          <label class="live">
            <input type="checkbox" checked={onlyCosts} onChange={() => setOnlyCosts(!onlyCosts)} />
            only spans with a cost in or under them
          </label>
          <Waterfall
            rows={rows}
            total={trace.total["duration_ms"] ?? 0}
            cost={trace.total["cost_usd"] ?? 0}
          />
        </>
      )}
    </Panel>
  );
}

function costly(rows: readonly SpanRow[]): readonly SpanRow[] {
  return rows.filter(({ subtree_calls: calls }) => calls > 0);
}

function Totals({ trace: { total, window, trust } }: { readonly trace: Trace }) {
  const unpriced = total["unpriced_calls"] ?? 0;
  const cached =
    total["input_tokens"] && total["cache_read_tokens"]
      ? total["cache_read_tokens"] / total["input_tokens"]
      : 0;
  return (
    <dl class="figures">
      <div>
        <dt>Cost</dt>
        <dd class="value">{money(total["cost_usd"])}</dd>
        <dd class="note">
          {unpriced > 0
            ? `without ${counted(unpriced, "call")} of unknown cost`
            : `all of ${counted(total["calls"] ?? 0, "call")} priced`}
        </dd>
      </div>
      <div>
        <dt>Calls</dt>
        <dd class="value">{count(total["calls"])}</dd>
        <dd class="note">
          of {counted(total["spans"] ?? 0, "span")}; {percent(trust.attributed_share)} have a
          feature
        </dd>
      </div>
      <div>
        <dt>Longest agent loop</dt>
        <dd class="value">{count(total["max_loop_iteration"])}</dd>
        <dd class="note">model calls in one agent run</dd>
      </div>
      <div>
        <dt>Retries</dt>
        <dd class="value">{count(total["retries"])}</dd>
        <dd class="note">attempts before the calls that are billed</dd>
      </div>
      <div>
        <dt>Tokens in / out</dt>
        <dd class="value">
          {rough(total["input_tokens"])} / {rough(total["output_tokens"])}
        </dd>
        <dd class="note">{percent(cached)} of the input from a cache</dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd class="value">{duration(total["duration_ms"])}</dd>
        <dd class="note">from {instant(window?.since)} UTC</dd>
      </div>
    </dl>
  );
}
