import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { MessageWriter } from "../../packages/receiver/src/forwarding/message-writer.ts";
import type { ContentMode } from "../../packages/receiver/src/forwarding/splice-spans.ts";
import { SpanSplicer } from "../../packages/receiver/src/forwarding/splice-spans.ts";

const folder = fileURLToPath(new URL("../captures/", import.meta.url));

/** Every recorded request, by the path of its protobuf without the ending. */
export const captures: readonly string[] = globSync("*/*.traces.otlp.pb", { cwd: folder })
  .map((path) => path.replace(/\.pb$/, ""))
  .toSorted();

/** A recorded request as it is in protobuf or in JSON. */
export function readCapture(capture: string, format: "pb" | "json" = "pb"): Buffer {
  return readFileSync(`${folder}${capture}.${format}`);
}

const prices = createPriceBook();
const decoder = new ProtobufDecoder({
  keepAttribute,
  read: (span) => toSpanFacts(span, prices),
});

/** What the receiver makes of a request in protobuf. */
export function factsOf(body: Uint8Array): SpanFacts[] {
  return decodeRequest(decoder, body).spans;
}

/** `body` as it is sent on, with the facts that the receiver has of it, and the team of its sender. */
export function splice(
  body: Uint8Array,
  content: ContentMode,
  facts: readonly SpanFacts[] = factsOf(body),
  team?: string,
): Buffer {
  const writer = new MessageWriter(64);
  const steps = new SpanSplicer(content).splice({ body, facts, team }, writer);
  for (let step = steps.next(); !step.done; step = steps.next());
  return Buffer.from(writer.written());
}
