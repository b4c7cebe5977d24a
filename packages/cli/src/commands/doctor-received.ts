import type { Finding } from "@spancost/instrumentation/doctor";
import type { Row } from "../envelope/envelope.ts";
import { CommandError } from "../errors.ts";
import { Texts } from "../flags/texts.ts";
import type { TimeZone } from "../flags/time-zone.ts";
import { plain } from "../flags/window.ts";
import type { Io } from "../ports.ts";
import { numberText, percent } from "../render/cells.ts";
import { openSource, type SourceFlags } from "../sources/open-source.ts";
import { runningReceiver } from "../sources/receiver-note.ts";
import { examineTwoTraces } from "./doctor-two-traces.ts";
import { query } from "./query.ts";

/** What a check of the received spans finds; the codes beside those of a project. */
export type ReceivedFinding = Omit<Finding, "code"> & {
  readonly code:
    | Finding["code"]
    | "nothing_received"
    | "no_calls"
    | "received"
    | "told_in_two_traces"
    | "unpriced"
    | "no_feature"
    | "no_usage";
};

const sql = `
select
    (select count(*) from spans) as spans,
    count(*) as calls,
    max(started_at) as last_call,
    count(*) filter (cost_usd is null and usage_quality is distinct from 'missing') as unpriced,
    count(*) filter (usage_quality = 'missing') as without_usage,
    count(*) filter (feature is null) as without_feature,
    count(distinct service) as services
from cost_records`;

/** What is stored, or at the receiver: whether spans come, whether they tell of calls, and what these lack. */
export async function examineReceived(
  flags: SourceFlags,
  zone: TimeZone,
  io: Io,
): Promise<readonly ReceivedFinding[]> {
  try {
    const source = await openSource(flags, io);
    try {
      const texts = new Texts([["sql", [sql]]]);
      const { rows } = await source.answer(query, texts, query.prepare(texts, io.now()));
      const row = rows[0] ?? {};
      const found = findingsOf(row, zone, await endpoint(flags));
      const lastCall = row["last_call"];
      if (typeof lastCall !== "string") return found;
      return [...found, ...(await examineTwoTraces(source, lastCall, io))];
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [
      {
        code: "nothing_received",
        severity: "warning",
        message: `No receiver and no database to look at: ${error.message}`,
        fix: "spancost serve",
      },
    ];
  }
}

/** Where spans are to be sent: to the receiver that has the database open, else to one as it is started. */
async function endpoint({ db, url }: SourceFlags): Promise<string> {
  const receiver = url === undefined ? await runningReceiver(db) : undefined;
  return receiver?.otlp_url ?? "http://localhost:4318";
}

function findingsOf(row: Row, zone: TimeZone, sendTo: string): readonly ReceivedFinding[] {
  const [spans, calls] = [Number(row["spans"]), Number(row["calls"])];
  if (spans === 0) {
    return [
      {
        code: "nothing_received",
        severity: "error",
        message: "No span has been received yet.",
        fix: `export OTEL_EXPORTER_OTLP_ENDPOINT=${sendTo}   # where the service starts`,
      },
    ];
  }
  if (calls === 0) {
    return [
      {
        code: "no_calls",
        severity: "error",
        message: `${numberText(spans)} spans were received, and none tells of a model call.`,
        fix: "node --import @spancost/instrumentation/register app.js",
      },
    ];
  }
  const services = Number(row["services"]);
  return [
    {
      code: "received",
      severity: "info",
      message: `${numberText(calls)} model ${calls === 1 ? "call" : "calls"} of ${numberText(services)} ${services === 1 ? "service" : "services"}, the last at ${plain(String(row["last_call"]), zone)} ${zone.name}.`,
      fix: "spancost top",
    },
    ...share("unpriced", row["unpriced"], calls, "have no price", "spancost prices unpriced"),
    ...share(
      "no_usage",
      row["without_usage"],
      calls,
      "tell no tokens, so that they have no price",
      "spancost query emitters   # a stream of OpenAI's API tells them only with stream_options: { include_usage: true }",
    ),
    ...share(
      "no_feature",
      row["without_feature"],
      calls,
      "have no feature",
      'withFeature("name", () => …)   # or the attribute app.feature on a span of the request',
    ),
  ];
}

function share(
  code: ReceivedFinding["code"],
  count: Row[string] | undefined,
  calls: number,
  what: string,
  fix: string,
): readonly ReceivedFinding[] {
  const affected = Number(count ?? 0);
  if (affected === 0) return [];
  const message = `${numberText(affected)} of ${numberText(calls)} calls ${what} (${percent(affected / calls)}).`;
  return [{ code, severity: "warning", message, fix }];
}
