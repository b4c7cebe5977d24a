import { type SpanFacts, type TraceId, traceIdFromHex } from "@spancost/records";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Store } from "../../packages/store/src/store.ts";
import { type Outcome, settleTrace } from "./oracle.ts";
import { deliveriesOf, drafts } from "./traces.ts";

/** Traces that one store settles together: far quicker than a store for each. */
const tracesAtOnce = 250;

const callsQuery = `
  select trace_id, span_id, agent_depth, loop_iteration, run_id, retry_count, retry_evidence, tool, feature,
    agent, tags, told_by, coalesce(usage_issue like 'aggregate_only%', false) as aggregate
  from cost_records`;
const rolesQuery = `
  select trace_id, span_id, role || coalesce(' of ' || counted_as, '') as role from spans`;

async function settled(
  batches: readonly (readonly SpanFacts[])[],
  settleBetween = false,
): Promise<ReadonlyMap<string, Outcome>> {
  const store = await Store.open(":memory:");
  try {
    for (const batch of batches) {
      await store.append(batch);
      if (settleBetween) await store.settle();
    }
    const calls = await store.readRows(callsQuery);
    const roles = await store.readRows(rolesQuery);
    const outcomes = new Map<string, Outcome>();
    for (const { trace_id, span_id, role } of roles.rows) {
      const outcome = outcomes.get(String(trace_id)) ?? { calls: {}, roles: {} };
      outcomes.set(String(trace_id), outcome);
      Object.assign(outcome.roles, { [String(span_id)]: role });
    }
    for (const { trace_id, span_id, ...call } of calls.rows) {
      const outcome = outcomes.get(String(trace_id));
      Object.assign(outcome?.calls ?? {}, { [String(span_id)]: call });
    }
    return outcomes;
  } finally {
    await store.close();
  }
}

function traceId(index: number): TraceId {
  const id = traceIdFromHex((index + 1).toString(16).padStart(32, "0"));
  if (id === undefined) throw new Error(`${index} makes no trace id`);
  return id;
}

test("settling in SQL and by plain rules comes to the same", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(drafts, { minLength: tracesAtOnce, maxLength: tracesAtOnce }),
      async (batch) => {
        const traces = batch.map((draft, index) => deliveriesOf(draft, traceId(index)));
        const found = await settled([traces.flat()]);
        for (const [index, spans] of traces.entries()) {
          expect(found.get(traceId(index))).toEqual(settleTrace(spans));
          compared += 1;
        }
      },
    ),
    // The message shows the one trace that differs; to shrink all the others away would take minutes.
    { numRuns: 20, endOnFailure: true },
  );
  expect(compared).toBe(20 * tracesAtOnce);
}, 120_000);

test("random traces settle alike in any order, any batches, sent twice and settled in between", async () => {
  const deliveries = fc.record({
    traces: fc.array(drafts, { minLength: 40, maxLength: 40 }),
    seed: fc.nat(),
    cuts: fc.array(fc.nat({ max: 2000 }), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ traces, seed, cuts }) => {
      const spans = traces.flatMap((draft, index) => deliveriesOf(draft, traceId(index)));
      const [sent = []] = fc.sample(
        fc.shuffledSubarray([...spans, ...spans], { minLength: spans.length * 2 }),
        { seed, numRuns: 1 },
      );
      const bounds = [0, ...cuts.toSorted((a, b) => a - b), sent.length];
      const batches = bounds.slice(1).map((end, index) => sent.slice(bounds[index], end));
      expect(await settled(batches, true)).toEqual(await settled([spans]));
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 60_000);
