import type {
  ExampleTrace,
  LoopStep,
  RunawayRuns,
  SpikeReport,
  TimelineStep,
  Totals,
  UsualTotals,
} from "@spancost/analysis";
import type { Row } from "../envelope/envelope.ts";
import { knownUsd, usd } from "./explain-rows.ts";

/** What a report says beyond an explanation, as scripts read it. */
export function reportRows(report: SpikeReport) {
  const { totals, usualTotals, affected, loops, runaways, traces } = report;
  return {
    totals: totalsRow(totals),
    usual_totals: usualTotals === undefined ? null : usualRow(usualTotals),
    affected: affected === undefined ? null : totalsRow(affected),
    timeline: report.timeline.map(timelineRow),
    looked_at: { ...report.looked } as Row,
    loops: {
      requests: Number(loops.requests),
      baseline_requests: Number(loops.baselineRequests),
      resent_share: loops.resentShare ?? null,
      steps: loops.steps.map(loopRow),
    } satisfies Row,
    runaway_runs: runaways === undefined ? null : runawayRow(runaways),
    waste: report.waste.map((waste) => ({
      reason: waste.reason,
      attempts: Number(waste.attempts),
      attempts_of_unknown_cost: Number(waste.unknownAttempts),
      cost_usd: usd(waste.cost),
      baseline_cost_usd: knownUsd(waste.baselineCost),
      example_trace_id: waste.exampleTraceId,
    })) satisfies Row[],
    traces: {
      dearest: traces.dearest.map(traceRow),
      median: traces.median === undefined ? null : traceRow(traces.median),
      normal: traces.normal === undefined ? null : traceRow(traces.normal),
    } satisfies Row,
  };
}

function runawayRow({ count, cost, dearest }: RunawayRuns): Row {
  return {
    runs: Number(count),
    cost_usd: usd(cost),
    dearest: dearest.map((run) => ({
      trace_id: run.traceId,
      started_at: run.startedAt,
      feature: run.feature,
      agent: run.agent,
      release: run.release,
      steps: run.steps,
      usual_steps: run.usualSteps ?? null,
      calls: Number(run.calls),
      cost_usd: usd(run.cost),
    })),
  };
}

function totalsRow(totals: Totals): Row {
  return {
    ...usualRow(totals),
    cost_usd: knownUsd(totals.cost),
    unpriced_calls: Number(totals.unpricedCalls),
    users: Number(totals.users),
    features: Number(totals.features),
  };
}

function usualRow(totals: UsualTotals): Row {
  return {
    requests: Number(totals.requests),
    calls: Number(totals.calls),
    input_tokens: Number(totals.inputTokens),
    output_tokens: Number(totals.outputTokens),
  };
}

/** Amounts here make a picture: they are rounded to a millionth of a dollar. */
function timelineRow({ since, until, dollars, usual }: TimelineStep): Row {
  return {
    since,
    until,
    spent_usd: micro(dollars),
    usual_low_usd: usual === undefined ? null : micro(usual.low),
    usual_usd: usual === undefined ? null : micro(usual.middle),
    usual_high_usd: usual === undefined ? null : micro(usual.high),
  };
}

function micro(dollars: number): number {
  return Math.round(dollars * 1e6) / 1e6;
}

function loopRow({ from, to, now, before }: LoopStep): Row {
  return {
    from_iteration: from,
    to_iteration: to,
    calls: Number(now.calls),
    cost_usd: usd(now.cost),
    mean_cost_per_request_usd: now.costPerRequest ?? null,
    baseline_mean_cost_per_request_usd: before.costPerRequest ?? null,
    mean_cost_per_call_usd: now.costPerCall ?? null,
    baseline_mean_cost_per_call_usd: before.costPerCall ?? null,
    resent_share: now.resentShare ?? null,
    baseline_resent_share: before.resentShare ?? null,
  };
}

function traceRow(trace: ExampleTrace): Row {
  return {
    trace_id: trace.traceId,
    started_at: trace.startedAt,
    features: trace.features,
    releases: trace.releases,
    models: trace.models,
    calls: Number(trace.calls),
    retries: trace.retries === undefined ? null : Number(trace.retries),
    max_loop_iteration: trace.longestLoop ?? null,
    input_tokens: Number(trace.inputTokens),
    output_tokens: Number(trace.outputTokens),
    cost_usd: usd(trace.cost),
  };
}
