import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { keepSpan, type SpanReader, toSpanFacts } from "@spancost/records";
import { keepAttribute, numberOfKey } from "@spancost/semconv";
import { ownCpu } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";
import { otlpSchema } from "../otlp-schema.ts";

const requests = 20;
const spansPerRequest = 512;

/** What decoding costs, on bytes that were just put where they are, as inflating does. */
export async function decodePart(findings: Findings): Promise<void> {
  const schema = await otlpSchema();
  const prices = createPriceBook();
  // One decoder for each, as a receiver has one: what is compiled for one reader is not disturbed by the others.
  const ways: [string, (body: Buffer) => unknown][] = [
    ["protobufjs", (body) => schema.decode(body)],
    ["decoder, nothing asked", decoding(() => 0)],
    ["decoder, asked what a call says", decoding(askAll)],
    ["decoder, spans kept", decoding(keepSpan)],
    ["decoder, read and priced", decoding((span) => toSpanFacts(span, prices))],
  ];
  for (const content of [false, true]) {
    const bodies = [...modelCalls({ requests, spansPerRequest, content })];
    for (const [name, decode] of ways) {
      findings.tell(`${name}${content ? ", with content" : ""}`, leastOf(bodies, decode), perSpan);
    }
  }
}

const perSpan = "µs CPU a span";

function decoding<Row>(read: SpanReader<Row>): (body: Buffer) => unknown {
  const decoder = new ProtobufDecoder({ keepAttribute, read });
  return (body) => decodeRequest(decoder, body);
}

/** What a record is made of, on spans such as these. */
const asked = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.response.model",
  "gen_ai.response.id",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.usage.cache_read.input_tokens",
  "gen_ai.usage.reasoning.output_tokens",
  "gen_ai.conversation.id",
  "user.id",
  "app.feature",
  "http.response.status_code",
].map((name) => numberOfKey(name) ?? -1);

const askAll: SpanReader<number> = ({ attributes }) => {
  let there = 0;
  for (const number of asked) if (attributes.at?.(number) !== undefined) there += 1;
  return there;
};

/** The least of 15 rounds over copies of `bodies`: each is decoded as soon as it was written. */
function leastOf(bodies: readonly Buffer[], decode: (body: Buffer) => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 15; round += 1) {
    let sum = 0;
    for (const body of bodies) {
      const copy = Buffer.from(body);
      const before = ownCpu();
      decode(copy);
      sum += ownCpu() - before;
    }
    least = Math.min(least, sum);
  }
  return least / requests / spansPerRequest;
}
