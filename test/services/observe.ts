import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import type { Span } from "@spancost/records";
import type { Rows } from "@spancost/store";
import { startReceiving } from "../flow/receiving.ts";
import { type LoggedCall, startModelServer } from "../record/model-server.ts";
import type { Project } from "./project.ts";
import type { ModuleKind, Scenario } from "./scenarios.ts";
import { type Ended, type Service, startService } from "./service.ts";
import type { Setup } from "./setups.ts";
import { type Passed, startTap } from "./tap.ts";

/** All that could be seen of a scenario while it ran, from every side. */
export interface Observation {
  /** Statuses of the answers that the service's users got. */
  readonly statuses: readonly number[];
  readonly texts: readonly string[];
  /** What the model server got and billed. */
  readonly log: readonly LoggedCall[];
  /** The same requests as they were on the wire. */
  readonly modelRequests: readonly Passed[];
  /** The spans that were exported, with all their attributes. */
  readonly spans: readonly Span[];
  /** `cost_records` of the receiver, in the order of their start. */
  readonly records: Rows["rows"];
  readonly ended: readonly Ended[];
}

/** What a user asks. No span may hold it. */
export const question = "How secret is the weather in Paris?";

export const release = "2.14.0";
export const environment = "staging";

/** Runs `scenario` once, on a model server and a receiver of its own. */
export async function observe(
  project: Project,
  scenario: Scenario,
  kind: ModuleKind,
  setup: Setup,
): Promise<Observation> {
  const flags = setup.flags(project.cell, scenario, kind);
  if (flags === undefined) throw new Error(`${scenario.name} does not go with ${setup.name}`);
  const models = await startModelServer(scenario.plan);
  const modelTap = await startTap(models.url);
  const receiver = await startReceiving(":memory:");
  const traceTap = await startTap(new URL(receiver.url).origin);
  const started: Service[] = [];
  const ended: Ended[] = [];
  try {
    const start = async (app: string, more: Readonly<Record<string, string>>) => {
      const env = {
        ...environmentOf(app, modelTap.url, traceTap.url),
        ...setup.env,
        ...more,
      };
      const service = await startService(project, { flags, app: `apps/${app}.${kind}`, env });
      started.push(service);
      return service;
    };
    const { behind } = scenario;
    const second = behind === undefined ? undefined : await start(behind, {});
    const first = await start(
      scenario.app,
      second === undefined ? {} : { SUMMARIES_URL: second.url },
    );
    const answers = await askAll(first.url, scenario);
    while (started.length > 0) {
      const service = started.pop();
      if (service !== undefined) ended.push(await service.stop());
    }
    return {
      statuses: answers.map(({ status }) => status),
      texts: answers.map(({ text }) => text),
      log: [...models.log],
      modelRequests: modelTap.passed,
      spans: spansIn(traceTap.passed),
      records: await recordsIn(receiver.store),
      ended,
    };
  } finally {
    for (const service of started) await service.stop();
    await traceTap.close();
    await modelTap.close();
    await receiver.stop();
    await models.close();
  }
}

/** As the documentation says, and nothing more. */
function environmentOf(app: string, modelUrl: string, endpoint: string) {
  return {
    OTEL_SERVICE_NAME: app,
    OTEL_RESOURCE_ATTRIBUTES: `service.version=${release},deployment.environment.name=${environment}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    MODEL_URL: modelUrl,
  };
}

async function askAll(url: string, { asks, atOnce }: Scenario) {
  const send = async ({ path = "/", headers = {} }: Scenario["asks"][number]) => {
    const answer = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ question }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  if (atOnce === true) return Promise.all(asks.map(send));
  const answers = [];
  for (const ask of asks) answers.push(await send(ask));
  return answers;
}

function spansIn(passed: readonly Passed[]): readonly Span[] {
  const decoder = new ProtobufDecoder({ keepAttribute: () => true });
  return passed
    .filter(({ path }) => path === "/v1/traces")
    .flatMap(({ body }) => decodeRequest(decoder, body).spans);
}

async function recordsIn(store: Awaited<ReturnType<typeof startReceiving>>["store"]) {
  const { rows } = await store.readRows(
    "select * from cost_records order by cost_records.started_at, span_id",
  );
  return rows;
}
