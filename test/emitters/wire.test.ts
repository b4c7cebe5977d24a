import { globSync, readFileSync } from "node:fs";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { keepSpan, toSpanFacts } from "@spancost/records";
import { keepAttribute, numberedKeys } from "@spancost/semconv";
import { expect, test } from "vitest";

const prices = createPriceBook();
/** As a receiver does it: each span is read while it still stands in the request's bytes. */
const atOnce = new ProtobufDecoder({ keepAttribute, read: (span) => toSpanFacts(span, prices) });
const kept = new ProtobufDecoder({ keepAttribute, read: keepSpan });

const captures = globSync("test/captures/**/*.traces.otlp.pb").toSorted();

test("there are captures to read", () => {
  expect(captures.length).toBeGreaterThan(100);
});

test.each(captures)("%s says the same on the wire as when its spans are kept", (file) => {
  const body = readFileSync(file);
  const spans = decodeRequest(kept, body).spans;
  const facts = spans.map((span) => toSpanFacts(span, prices));
  expect(decodeRequest(atOnce, body).spans).toEqual(facts);
});

test("every attribute that is kept by its name, but for tags, has a number", () => {
  expect(numberedKeys().length).toBeGreaterThan(150);
  expect(numberedKeys().filter((name) => !keepAttribute(name))).toEqual([]);
});
