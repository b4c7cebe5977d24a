import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, JsonDecoder, type OtlpRequest } from "@spancost/receiver";
import { type Span, type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unreadable } from "../../packages/cli/src/collector-config/readable.ts";
import { copyOf, recordedTraces } from "../canary/traces.ts";
import { Exporter } from "../faults/load/sending.ts";
import { runCommand } from "../flow/command.ts";
import { Collector, missing } from "./collector.ts";
import { oddSpans } from "./odd-spans.ts";

const recorded = [
  ...recordedTraces().map(({ name, request }, nth) => ({
    name,
    request: copyOf(request, nth + 1) as OtlpRequest,
  })),
  { name: "odd spans", request: oddSpans(3_000, 20_261_121) },
];

const decoder = new JsonDecoder({ keepAttribute });
const prices = createPriceBook();

function spansIn(request: string): readonly Span[] {
  return decodeRequest(decoder, Buffer.from(request)).spans;
}

/** What spancost reads of every recorded span. */
const ours: readonly SpanFacts[] = recorded
  .flatMap(({ request }) => spansIn(JSON.stringify(request)))
  .map((span) => toSpanFacts(span, prices));

/** The pipeline that a user would put it into, around a file. */
const pipeline = `
service:
  pipelines:
    traces/cost:
      receivers: [otlp]
      processors: [transform/spancost_cost]
      exporters: [file]
`;

const idOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => `${traceId} ${spanId}`;

/** The answers that OpenInference keeps. */
const answers = new Map(
  recorded
    .flatMap(({ request }) => spansIn(JSON.stringify(request)))
    .map((span) => [idOf(span), String(span.attributes.get("output.value"))]),
);

const tellsMore =
  /"(?:cached_tokens|cache_write_tokens|ephemeral_1h_input_tokens|web_search_requests|audio_tokens)": ?[1-9]|"service_tier": ?"(?:priority|flex)"/;

const isOdd = ({ traceId }: SpanFacts) => traceId.startsWith("0dd5");

/** Recorded calls with a cost. */
const calls = ours.filter(
  (span) => span.node === "call" && span.costUsd !== undefined && !isOdd(span),
);

/** Why a call of a dialect that can be read gets no cost, in the words of the file's header. */
function listedReason(span: SpanFacts, header: string): string | undefined {
  const { dialect = "", emitter, provider, requestModel, responseModel } = span;
  if (header.includes(`#       ${dialect}: `) && dialect in unreadable) return dialect;
  if (header.includes(`#       ${emitter}\n`)) return "scope";
  if (dialect === "openinference" && tellsMore.test(answers.get(idOf(span)) ?? "")) return "answer";
  const asks = [requestModel, responseModel].map((model) => `#       ${provider}/${model}`);
  if (asks.some((line) => header.includes(line))) return "model";
  if (span.inputTokens === undefined) return "no input tokens";
  const others = [span.inputAudioTokens, span.inputImageTokens, span.outputAudioTokens];
  if (others.some((count) => (count ?? 0) > 0)) return "sound and pictures";
  if ((span.webSearches ?? 0) > 0) return "searches";
  return undefined;
}

describe.runIf(missing === undefined)("spancost collector-config", () => {
  let folder: string;
  let header: string;
  let priced: ReadonlyMap<string, Span>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-priced-"));
    const models = new Set(
      ours
        .filter(({ node }) => node === "call")
        .flatMap(({ provider, requestModel, responseModel }) =>
          [requestModel, responseModel]
            .filter((model) => model !== undefined)
            .map((model) => (provider === undefined ? `/${model}` : `${provider}/${model}`)),
        ),
    );
    const earliest = Math.min(...ours.map(({ startedAt }) => startedAt)) / 1000;
    const from = new Date(earliest).toISOString();
    const args = [...models].flatMap((model) => ["--model", model.replace(/^\//, "")]);
    const made = await runCommand(folder, ["collector-config", "--from", from, ...args]);
    if (made.code !== 0) throw new Error(made.stderr);
    header = made.stdout;
    const config = join(folder, "cost.yaml");
    writeFileSync(config, made.stdout);
    const pipelineFile = join(folder, "pipeline.yaml");
    writeFileSync(pipelineFile, pipeline);
    const file = join(folder, "traces.jsonl");
    const collector = await Collector.start({
      files: ["cost-only.yaml", "capture-to-file.yaml", config, pipelineFile],
      folder,
      env: { CAPTURE_FILE: file },
    });
    const exporter = new Exporter();
    for (const { request } of recorded) {
      const way = { format: "protobuf", gzip: false } as const;
      const { kind } = await exporter.send(collector.target, request, way);
      if (kind !== "acked") throw new Error(`${kind}: ${collector.words}`);
    }
    exporter.close();
    await collector.stop();
    const lines = readFileSync(file, "utf8").trim().split("\n");
    priced = new Map(lines.flatMap(spansIn).map((span) => [idOf(span), span]));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const costOf = (span: SpanFacts) =>
    priced.get(idOf(span))?.attributes.get("spancost.cost.usd") as number | undefined;

  test("gives the costs of spancost, to a billionth of a dollar, and none where it has none", () => {
    const wrong = ours
      .map((span) => ({ span, cost: costOf(span) }))
      .filter(({ cost }) => cost !== undefined)
      .filter(({ span, cost = 0 }) => {
        const own = span.node === "call" ? span.costUsd : undefined;
        return own === undefined || Math.abs(Number(own) / 1e12 - cost) > 1e-9;
      })
      .map(({ span, cost }) => [
        span.emitter,
        span.dialect,
        span.name,
        span.node,
        span.costUsd,
        cost,
      ]);
    expect(wrong).toEqual([]);
  });

  test("prices spans of which some contradict themselves as spancost does, or not at all", () => {
    const odd = ours.filter((span) => isOdd(span) && costOf(span) !== undefined);
    expect(odd.length).toBeGreaterThan(300);
  });

  test("writes them where backends look, beside what the sender had there", () => {
    const some = calls.filter((span) => costOf(span) !== undefined);
    for (const span of some) {
      expect(priced.get(idOf(span))?.attributes.get("gen_ai.usage.cost")).toBe(costOf(span));
    }
    const reported = some.filter(
      (span) => priced.get(idOf(span))?.attributes.get("spancost.reported_cost_usd") !== undefined,
    );
    expect(reported.length).toBeGreaterThan(0);
  });

  test("lists why a call has none", () => {
    const silent = calls
      .filter((span) => costOf(span) === undefined && listedReason(span, header) === undefined)
      .map((span) => [
        span.emitter,
        span.dialect,
        span.name,
        span.provider,
        span.requestModel,
        span.responseModel,
      ]);
    expect(silent).toEqual([]);
  });

  test("prices most calls of the dialects that can be read", () => {
    const readable = calls.filter(({ dialect = "" }) => !(dialect in unreadable));
    const done = readable.filter((span) => costOf(span) !== undefined);
    expect(readable.length).toBeGreaterThan(300);
    expect(done.length / readable.length).toBeGreaterThan(0.9);
  });
});
