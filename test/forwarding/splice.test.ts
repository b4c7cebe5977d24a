import { usdNumber } from "@spancost/pricing";
import { encodeRequest, type OtlpSpan } from "@spancost/receiver";
import { describe, expect, test } from "vitest";
import { MessageWriter } from "../../packages/receiver/src/forwarding/message-writer.ts";
import { captures, factsOf, readCapture, splice } from "./captured.ts";
import { type DecodedRequest, type DecodedSpan, decode, spansOf, valuesOf } from "./otlp.ts";

const added = [
  "gen_ai.usage.cost",
  "spancost.cost.usd",
  "spancost.cost.input_usd",
  "spancost.cost.cache_read_usd",
  "spancost.cost.cache_write_usd",
  "spancost.cost.output_usd",
  "spancost.cost.other_usd",
  "spancost.price.id",
  "spancost.unpriced_reason",
  "spancost.reported_cost_usd",
  "spancost.feature",
  "spancost.team",
];

/** The whole request without the attributes that are added. */
function withoutAdded(body: Uint8Array): DecodedRequest {
  const request = decode(body);
  for (const span of spansOf(request)) {
    span.attributes = (span.attributes ?? []).filter(({ key }) => !added.includes(key));
  }
  return request;
}

/** The whole request with the attributes of each span in order of their names. */
function sorted(body: Uint8Array): DecodedRequest {
  const request = decode(body);
  for (const span of spansOf(request)) {
    span.attributes = (span.attributes ?? []).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }
  return request;
}

describe.each(captures)("%s", (capture) => {
  const body = readCapture(capture);
  const sent = splice(body, "keep");
  const facts = factsOf(body);

  test("goes on as it came, but for what is added", () => {
    expect(withoutAdded(sent)).toEqual(withoutAdded(body));
  });

  test("has the cost of each call once, and of nothing else", () => {
    const spans = spansOf(decode(sent));
    expect(spans.length).toBe(facts.length);
    for (const [index, span] of spans.entries()) {
      const { node, servedFromCache, costUsd, unpricedReason } = facts[index] as (typeof facts)[0];
      if (node !== "call" || servedFromCache) {
        expect(span).toEqual(spansOf(decode(body))[index]);
        continue;
      }
      const cost = costUsd === undefined ? [] : [usdNumber(costUsd)];
      expect(valuesOf(span, "spancost.cost.usd")).toEqual(cost);
      expect(valuesOf(span, "gen_ai.usage.cost")).toEqual(cost);
      expect(valuesOf(span, "spancost.unpriced_reason")).toEqual(
        costUsd === undefined ? [unpricedReason] : [],
      );
    }
  });

  test("is the same when it is spliced again", () => {
    expect(sorted(splice(sent, "keep"))).toEqual(sorted(sent));
  });
});

const call: OtlpSpan = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  name: "chat gpt-5-mini",
  kind: 3,
  startTimeUnixNano: "1763700001234567890",
  endTimeUnixNano: "1763700002000000000",
  attributes: [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "openai"),
    text("gen_ai.request.model", "gpt-5-mini"),
    { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
    { key: "gen_ai.usage.output_tokens", value: { intValue: "100" } },
  ],
};

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

function requestOf(...spans: OtlpSpan[]): Uint8Array {
  return encodeRequest({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function withAttributes(...attributes: NonNullable<OtlpSpan["attributes"]>): OtlpSpan {
  return { ...call, attributes: [...(call.attributes ?? []), ...attributes] };
}

function sentSpan(body: Uint8Array): DecodedSpan {
  return spansOf(decode(splice(body, "keep")))[0] as DecodedSpan;
}

test("a cost that the service's own instrumentation wrote is replaced", () => {
  const span = sentSpan(
    requestOf(
      withAttributes(
        { key: "gen_ai.usage.cost", value: { doubleValue: 0.5 } },
        { key: "spancost.cost.usd", value: { doubleValue: 0.5 } },
        { key: "spancost.cost.other_usd", value: { doubleValue: 0.5 } },
        text("spancost.price.id", "of last year"),
        text("spancost.unpriced_reason", "unknown_model"),
      ),
    ),
  );
  expect(valuesOf(span, "gen_ai.usage.cost")).toEqual([0.00045]);
  expect(valuesOf(span, "spancost.cost.usd")).toEqual([0.00045]);
  expect(valuesOf(span, "spancost.cost.input_usd")).toEqual([0.00025]);
  expect(valuesOf(span, "spancost.cost.output_usd")).toEqual([0.0002]);
  expect(valuesOf(span, "spancost.cost.other_usd")).toEqual([]);
  expect(valuesOf(span, "spancost.price.id")).toEqual(["openai/gpt-5-mini"]);
  expect(valuesOf(span, "spancost.unpriced_reason")).toEqual([]);
  expect(valuesOf(span, "spancost.reported_cost_usd")).toEqual([]);
});

test("a cost that a gateway reports is kept beside ours", () => {
  const span = sentSpan(
    requestOf(withAttributes({ key: "gen_ai.usage.cost", value: { doubleValue: 0.0005 } })),
  );
  expect(valuesOf(span, "gen_ai.usage.cost")).toEqual([0.00045]);
  expect(valuesOf(span, "spancost.reported_cost_usd")).toEqual([0.0005]);
});

test("where ours is not known, the one that a gateway reports stays", () => {
  const unknown = withAttributes(text("gen_ai.request.model", "nobody-knows-1"), {
    key: "gen_ai.usage.cost",
    value: { doubleValue: 0.0005 },
  });
  const span = sentSpan(requestOf(unknown));
  expect(valuesOf(span, "gen_ai.usage.cost")).toEqual([0.0005]);
  expect(valuesOf(span, "spancost.cost.usd")).toEqual([]);
  expect(valuesOf(span, "spancost.unpriced_reason")).toEqual(["unknown_model"]);
});

test("feature and team are written under one name, and not over it", () => {
  const span = sentSpan(
    requestOf(withAttributes(text("app.feature", "search"), text("spancost.team", "core"))),
  );
  expect(valuesOf(span, "spancost.feature")).toEqual(["search"]);
  expect(valuesOf(span, "spancost.team")).toEqual(["core"]);
});

test("a team that the sender's token speaks for stands in the place of the span's own", () => {
  const says = [text("spancost.team", "core")];
  for (const attributes of [says, [text("app.team", "core")], []]) {
    const body = requestOf(withAttributes(...attributes));
    const [span] = spansOf(decode(splice(body, "keep", factsOf(body), "billing")));
    expect(valuesOf(span as DecodedSpan, "spancost.team")).toEqual(["billing"]);
  }
});

test("spans that the receiver refused are left out, and the others find their facts", () => {
  const body = requestOf(
    { ...call, spanId: "00" },
    { ...call, spanId: "0000000000000000" },
    call,
    { ...call, traceId: "00000000000000000000000000000000" },
    { ...call, spanId: "b7ad6b7169203332" },
  );
  const spans = spansOf(decode(splice(body, "keep")));
  expect(spans.map(({ spanId }) => Buffer.from(spanId, "base64").toString("hex"))).toEqual([
    "b7ad6b7169203331",
    "b7ad6b7169203332",
  ]);
  expect(spans.map((span) => valuesOf(span, "gen_ai.usage.cost"))).toEqual([[0.00045], [0.00045]]);
});

test("facts in another order, or of spans that are not there, do not matter", () => {
  const body = requestOf(call, { ...call, spanId: "b7ad6b7169203332", attributes: [] });
  const facts = factsOf(body);
  const other = factsOf(requestOf({ ...call, spanId: "b7ad6b7169203333" }));
  const sent = splice(body, "keep", [...other, ...facts.toReversed()]);
  expect(sent.equals(splice(body, "keep", facts))).toBe(true);
});

test("fields that nobody knows go on where they were, at every level", () => {
  const writer = new MessageWriter();
  const unknown = (field: number) => writer.text(field, `unknown ${field}`);
  unknown(901);
  writer.open(0x0a);
  unknown(902);
  writer.open(0x12);
  unknown(903);
  writer.open(0x12);
  unknown(904);
  writer.bytes(1, Buffer.alloc(16, 1));
  writer.bytes(2, Buffer.alloc(8, 2));
  for (const [key, value] of [
    ["gen_ai.operation.name", "chat"],
    ["gen_ai.request.model", "gpt-5-mini"],
  ] as const) {
    writer.open(0x4a);
    writer.text(1, key);
    writer.open(0x12);
    writer.text(1, value);
    unknown(905);
    writer.close();
    unknown(906);
    writer.close();
  }
  writer.fixed32(907, 1);
  for (let level = 0; level < 3; level += 1) writer.close();
  unknown(908);
  const body = Buffer.from(writer.written());
  const sent = splice(body, "keep");
  expect(valuesOf(sentSpan(body), "spancost.unpriced_reason")).toEqual(["no_usage"]);
  const pieces = ["unknown 901", "unknown 902", "unknown 903", "unknown 904", "unknown 908"];
  for (const piece of pieces) expect(sent.includes(piece)).toBe(true);
  expect(sent.toString("latin1").match(/unknown 90[56]/g)).toHaveLength(4);
  const gone = splice(body, "strip");
  expect(gone.includes("unknown")).toBe(false);
});

test("a request without calls is the same to the byte", () => {
  const http = requestOf({ ...call, attributes: [text("http.request.method", "GET")] });
  expect(splice(http, "keep").equals(Buffer.from(http))).toBe(true);
});
