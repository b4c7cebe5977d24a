import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, JsonDecoder, type OtlpRequest } from "@spancost/receiver";
import { type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, recordedTraces } from "../canary/traces.ts";
import { Exporter } from "../faults/load/sending.ts";
import { Collector, missing, sets } from "./collector.ts";

/** Every recorded trace, each with trace ids of its own. */
const recorded = recordedTraces().map(({ name, request }, nth) => ({
  name,
  request: copyOf(request, nth + 1) as OtlpRequest,
}));

const prices = createPriceBook();
const decoder = new JsonDecoder({ keepAttribute, read: (span) => toSpanFacts(span, prices) });

function factsOf(request: string): readonly SpanFacts[] {
  return decodeRequest(decoder, Buffer.from(request)).spans;
}

/** Of the metadata of OpenInference only what has a name of spancost's own goes on: other tags of people's stay behind. */
function withoutTags(facts: SpanFacts | undefined): Partial<SpanFacts> | undefined {
  return facts?.dialect?.startsWith("openinference") ? { ...facts, tags: undefined } : facts;
}

const idOf = ({ traceId, spanId }: SpanFacts) => `${traceId} ${spanId}`;

describe.runIf(missing === undefined)("what a Collector takes off", () => {
  let folder: string;
  let through: ReadonlyMap<string, SpanFacts>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-same-"));
    const file = join(folder, "traces.jsonl");
    const files = sets["capture to file"];
    const collector = await Collector.start({ files, folder, env: { CAPTURE_FILE: file } });
    const exporter = new Exporter();
    for (const { request } of recorded) {
      const way = { format: "protobuf", gzip: false } as const;
      const { kind } = await exporter.send(collector.target, request, way);
      if (kind !== "acked") throw new Error(`${kind}: ${collector.words}`);
    }
    exporter.close();
    await collector.stop();
    const lines = readFileSync(file, "utf8").trim().split("\n");
    through = new Map(lines.flatMap(factsOf).map((facts) => [idOf(facts), facts]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(recorded)("changes nothing that is read of $name", ({ request }) => {
    const direct = factsOf(JSON.stringify(request));
    expect(direct.map((facts) => withoutTags(through.get(idOf(facts))))).toEqual(
      direct.map(withoutTags),
    );
  });
});
