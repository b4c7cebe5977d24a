import type { Rows } from "@spancost/store";
import type { Counts } from "../record/plan.ts";
import { listCost } from "./list-prices.ts";
import { environment, type Observation, question, release } from "./observe.ts";
import type { Attributed, Scenario } from "./scenarios.ts";

type Row = Rows["rows"][number];

/** What is not as it must be, one sentence each; empty where everything is right. */
export function faultsOf(scenario: Scenario, seen: Observation): readonly string[] {
  return [
    ...serviceFaults(seen),
    ...recordFaults(scenario, seen),
    ...spanFaults(seen),
    ...leaks(scenario, seen),
  ];
}

function serviceFaults({ statuses, texts, ended }: Observation): readonly string[] {
  const faults = statuses.flatMap((status, index) =>
    status === 200 ? [] : [`request ${index + 1} was answered with ${status}: ${texts[index]}`],
  );
  for (const { code, signal, stopMillis, stderr } of ended) {
    if (code !== 0 && signal !== "SIGTERM") faults.push(`a service ended with ${code ?? signal}`);
    if (stopMillis > 6_000) faults.push(`a service took ${Math.round(stopMillis)} ms to end`);
    if (stderr !== "") faults.push(`a service wrote to stderr: ${stderr.trim()}`);
  }
  return faults;
}

/** One record for each call that was billed, and nothing else. */
function recordFaults(scenario: Scenario, { log, records }: Observation): readonly string[] {
  const billed = log.filter(({ billable }) => billable);
  const expected = scenario.records;
  if (billed.length !== expected.length) {
    return [`the model billed ${billed.length} calls, not ${expected.length}`];
  }
  if (records.length !== billed.length) {
    const found = records.map((row) => `${row["emitter"]} ${row["cost_usd"]}`).join(", ");
    return [`${billed.length} calls were billed, ${records.length} are on record: ${found}`];
  }
  const sorted = scenario.atOnce === true ? byUser(records) : records;
  return billed.flatMap(({ model_requested: model, usage }, index) => {
    const row = sorted[index] as Row;
    const wanted = {
      ...attributionOf(scenario, expected[index] as Attributed),
      ...spendOf(model, usage as Counts),
    };
    return Object.entries(wanted)
      .filter(([column, value]) => row[column] !== value)
      .map(([column, value]) => `record ${index + 1}: ${column} is ${row[column]}, not ${value}`);
  });
}

function byUser(records: readonly Row[]): readonly Row[] {
  return records.toSorted((a, b) => String(a["user_id"]).localeCompare(String(b["user_id"])));
}

function attributionOf({ app, behind }: Scenario, attributed: Attributed) {
  return {
    service: behind ?? app,
    release,
    environment,
    team: null,
    user_id: null,
    conversation_id: null,
    // A request without an agent is a run of its own.
    loop_iteration: 1,
    agent_depth: 0,
    status: "ok",
    ...attributed,
  };
}

function spendOf(model: string, usage: Counts) {
  return {
    request_model: model,
    cost_usd: listCost(model, usage),
    unpriced_reason: null,
    usage_issue: null,
    usage_quality: "measured",
    input_tokens: usage.input,
    cache_read_tokens: usage.cached,
    output_tokens: usage.output,
    ...(usage.cacheWrite > 0 ? { cache_write_tokens: usage.cacheWrite } : {}),
  };
}

/** The cost that the service wrote on the span of each record is the receiver's, to the last digit. */
function spanFaults({ spans, records }: Observation): readonly string[] {
  return records.flatMap((row, index) => {
    const span = spans.find(({ spanId }) => spanId === row["span_id"]);
    const written = span?.attributes.get("gen_ai.usage.cost");
    if (typeof written === "number" && written.toFixed(12) === row["cost_usd"]) return [];
    return [`record ${index + 1}: costs ${row["cost_usd"]}, its span says ${written}`];
  });
}

/** What must never get to a provider, and what must never get onto a span. */
function leaks({ records }: Scenario, { modelRequests, spans }: Observation): readonly string[] {
  const owners = records.flatMap(({ feature, team, user_id }) => [feature, team, user_id]);
  const secrets = ["spancost", ...owners].filter((text) => text !== undefined);
  const sent = modelRequests.flatMap(({ headers }) =>
    Object.entries(headers)
      .filter(([name, value]) => {
        const line = `${name}: ${value}`;
        return name === "baggage" || secrets.some((secret) => line.includes(secret));
      })
      .map(([name, value]) => `the model was sent the header ${name}: ${value}`),
  );
  const kept = spans.flatMap((span) =>
    [...span.attributes.keys()]
      .filter((key) => JSON.stringify(span.attributes.get(key))?.includes(question) === true)
      .map((key) => `the question is on the span "${span.name}" as ${key}`),
  );
  return [...sent, ...kept];
}
