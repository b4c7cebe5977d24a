import { globSync, readFileSync } from "node:fs";
import { decodeRequest, encodeRequest, JsonDecoder, ProtobufDecoder } from "@spancost/receiver";
import type { Span } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { expect, test } from "vitest";
import { toOtlp } from "./to-otlp.ts";

/** A span with all that was kept of it, so that two can be compared. */
function whole(span: Span) {
  const all = ({ attributes }: { attributes: Span["attributes"] }) =>
    Object.fromEntries([...attributes.keys()].sort().map((key) => [key, attributes.get(key)]));
  return { ...span, attributes: all(span), resource: all(span.resource), scope: { ...span.scope } };
}

const captures = globSync("test/captures/{openlit,aisdk7,strands,otel-openai}/*.traces.otlp.json");

test("there are captures to try", () => {
  expect(captures.length).toBeGreaterThan(20);
});

test.each(captures)("spans of %s are the same after they were sent on", (file) => {
  const { spans } = decodeRequest(new JsonDecoder({ keepAttribute }), readFileSync(file));
  const sent = encodeRequest(toOtlp(spans));
  const received = decodeRequest(new ProtobufDecoder({ keepAttribute }), sent).spans;
  const byId = (a: Span, b: Span) => (a.spanId < b.spanId ? -1 : 1);
  expect(received.sort(byId).map(whole)).toEqual(spans.sort(byId).map(whole));
});
