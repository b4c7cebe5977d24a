import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, JsonDecoder, ProtobufDecoder } from "@spancost/receiver";
import { type Span, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { Store } from "@spancost/store";

const folder = fileURLToPath(new URL("../captures/", import.meta.url));

/** What really happened, from the log of the model server that the SDK talked to. */
export interface Truth {
  readonly billable_calls: number;
  readonly input_tokens_total: number;
  readonly cached_input_tokens: number;
  readonly cache_write_tokens: number;
  readonly cache_write_1h_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  /** In `truth-more.json` only. */
  readonly input_audio_tokens?: number;
  readonly output_audio_tokens?: number;
  readonly web_searches?: number;
  readonly calls?: readonly Attempt[];
}

/** One request that the model server got. */
export interface Attempt {
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly status: number;
}

/** What a careful reading of the spans can reach: `flags` names what the emitter lost or made up. */
interface Expectation {
  readonly k: string;
  readonly flags: string;
}

/** Every capture by name, `emitter/scenario`. `truth-more.json` is what `test/record` writes. */
export const truths = {
  ...(readJson("truth.json") as Readonly<Record<string, Truth>>),
  ...(readJson("truth-more.json") as Readonly<Record<string, Truth>>),
};

const flags = new Map(
  (readJson("expectation.json") as readonly Expectation[]).map((entry) => [entry.k, entry.flags]),
);

/** What the emitter of an older capture lost, by that judgement; of the others `losses.ts` says it. */
export function flagsOf(capture: string): string {
  return flags.get(capture) ?? "";
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(folder + name, "utf8"));
}

/** False where the emitter sent no trace at all. */
export function hasTraces(capture: string): boolean {
  return existsSync(`${folder}${capture}.traces.otlp.pb`);
}

const decoders = {
  pb: new ProtobufDecoder({ keepAttribute }),
  json: new JsonDecoder({ keepAttribute }),
};

/** The spans of a capture, decoded from one of its two encodings. */
export function spansOf(capture: string, encoding: "pb" | "json"): readonly Span[] {
  const bytes = readFileSync(`${folder}${capture}.traces.otlp.${encoding}`);
  return decodeRequest(decoders[encoding], bytes).spans;
}

/** The same with every attribute that was sent, prompts too. */
export function allAttributesOf(capture: string): readonly Span[] {
  const bytes = readFileSync(`${folder}${capture}.traces.otlp.json`);
  return decodeRequest(new JsonDecoder({ keepAttribute: () => true }), bytes).spans;
}

/** A row of `cost_records`, of which the tests look at some columns. */
export type CostRow = Readonly<Record<string, unknown>>;

export const prices = createPriceBook();

/** What spancost makes of each of `captures`, which have no trace in common. */
export async function recordsOf(
  captures: readonly string[],
): Promise<ReadonlyMap<string, readonly CostRow[]>> {
  const { captureOf, rows } = await answerOf(
    captures,
    "select * from cost_records order by started_at, trace_id, span_id",
  );
  const found = Map.groupBy(rows, (row) => captureOf.get(row["trace_id"]) ?? "none");
  return new Map(captures.map((capture) => [capture, found.get(capture) ?? []]));
}

interface CapturesAnswer {
  /** By trace id the capture that it is of. */
  readonly captureOf: ReadonlyMap<unknown, string>;
  readonly rows: readonly CostRow[];
}

/** What a store that holds all of `captures`, which have no trace in common, answers to `sql`. */
export async function answerOf(captures: readonly string[], sql: string): Promise<CapturesAnswer> {
  const captureOf = new Map<unknown, string>();
  const store = await Store.open(":memory:");
  try {
    for (const capture of captures) {
      const spans = spansOf(capture, "pb");
      for (const { traceId } of spans) {
        const other = captureOf.get(traceId) ?? capture;
        if (other !== capture) throw new Error(`${capture} and ${other} have a trace in common`);
        captureOf.set(traceId, capture);
      }
      await store.append(spans.map((span) => toSpanFacts(span, prices)));
    }
    const { rows } = await store.readRows(sql);
    return { captureOf, rows };
  } finally {
    await store.close();
  }
}
