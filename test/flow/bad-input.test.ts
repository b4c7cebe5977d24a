import { encodeRequest, type OtlpRequest, type OtlpSpan } from "@spancost/receiver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Receiving, startReceiving } from "./receiving.ts";

let receiving: Receiving;
beforeAll(async () => {
  receiving = await startReceiving(":memory:");
});
afterAll(() => receiving.stop());

const protobuf = { "Content-Type": "application/x-protobuf" };
const json = { "Content-Type": "application/json" };

let spansMade = 0;

/** A request with one model call; `more` changes its attributes, `span` the rest of it. */
function request(
  more: Readonly<Record<string, string | number>> = {},
  span: Partial<OtlpSpan> = {},
): OtlpRequest {
  spansMade += 1;
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    ...more,
  };
  return {
    resourceSpans: [
      {
        scopeSpans: [
          {
            scope: { name: "test" },
            spans: [
              {
                traceId: spansMade.toString(16).padStart(32, "0"),
                spanId: spansMade.toString(16).padStart(16, "0"),
                name: "chat",
                kind: 3,
                startTimeUnixNano: "1795000000000000000",
                endTimeUnixNano: "1795000001000000000",
                attributes: Object.entries(attributes).map(([key, value]) => ({
                  key,
                  value:
                    typeof value === "number"
                      ? { intValue: String(value) }
                      : { stringValue: value },
                })),
                ...span,
              },
            ],
          },
        ],
      },
    ],
  };
}

async function records() {
  const { rows } = await receiving.store.readRows("select * from cost_records order by trace_id");
  return rows;
}

test.each([
  ["not protobuf at all", "hello", protobuf, 400],
  ["protobuf that ends too early", encodeRequest(request()).subarray(0, 40), protobuf, 400],
  ["not JSON at all", "{]", json, 400],
  ["JSON that is no request", "[1, 2]", json, 400],
  ["gzip that is none", "plain", { ...json, "Content-Encoding": "gzip" }, 400],
  ["an encoding that is not known", "x", { ...json, "Content-Encoding": "br" }, 415],
  ["another content type", "x", { "Content-Type": "text/plain" }, 415],
])(
  "%s is refused with a reason, and what is sent beside it is kept",
  async (_, body, headers, status) => {
    const before = (await records()).length;
    const [refused, kept] = await Promise.all([
      receiving.post(body, headers),
      receiving.post(JSON.stringify(request()), json),
    ]);
    expect([refused.status, kept.status]).toEqual([status, 200]);
    expect(refused.text.length).toBeGreaterThan(10);
    expect(await records()).toHaveLength(before + 1);
  },
);

test("a span with a bad id is refused alone", async () => {
  const before = (await records()).length;
  const good = request().resourceSpans?.[0];
  const bad = request({}, { spanId: "0000000000000000" }).resourceSpans?.[0];
  if (good === undefined || bad === undefined) throw new Error("no spans made");
  const answer = await receiving.post(JSON.stringify({ resourceSpans: [good, bad] }), json);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
  expect(await records()).toHaveLength(before + 1);
});

test("a body of 30 MB is taken, and its prompt kept nowhere", async () => {
  const prompt = "secret ".repeat(4_300_000);
  const body = encodeRequest(request({ "gen_ai.input.messages": prompt, "app.feature": "large" }));
  expect(body.byteLength).toBeGreaterThan(30_000_000);
  expect((await receiving.post(body, protobuf)).status).toBe(200);
  const found = (await records()).filter((row) => row["feature"] === "large");
  expect(found).toMatchObject([{ input_tokens: 1000, usage_quality: "measured" }]);
  expect(
    JSON.stringify(found, (_, value) => (typeof value === "bigint" ? "" : value)),
  ).not.toContain("secret");
});

test("a body of 70 MB is refused as too large", async () => {
  const body = encodeRequest(request({ "gen_ai.input.messages": "x".repeat(70_000_000) }));
  const answer = await receiving.post(body, protobuf).catch((error: unknown) => error);
  // The sender may still be writing when the answer comes; both ends of that are fine.
  if (!(answer instanceof Error)) expect(answer).toMatchObject({ status: 413 });
  expect((await receiving.post(JSON.stringify(request()), json)).status).toBe(200);
});

test.each([
  [
    "an unknown model",
    { "gen_ai.request.model": "acme-ft-7b", "gen_ai.provider.name": "acme" },
    { cost_usd: null, unpriced_reason: "unknown_model", usage_quality: "measured" },
  ],
  [
    "a negative count",
    { "gen_ai.usage.input_tokens": -5 },
    { input_tokens: null, usage_issue: "invalid_token_count", usage_quality: "partial" },
  ],
  [
    "more cached than input",
    { "gen_ai.usage.cache_read.input_tokens": 5000 },
    { cost_usd: null, usage_issue: "cached_exceeds_input", cache_read_tokens: 5000 },
  ],
])("%s is kept, said to be so, and costs no silent 0", async (name, attributes, expected) => {
  await receiving.post(JSON.stringify(request({ ...attributes, "app.feature": name })), json);
  const found = (await records()).filter((row) => row["feature"] === name);
  expect(found).toMatchObject([expected]);
});

test("a span without tokens is a call of unknown cost", async () => {
  const sent = request({ "app.feature": "no tokens" });
  const attributes = sent.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.attributes ?? [];
  const kept = attributes.filter(({ key }) => !key.startsWith("gen_ai.usage"));
  await receiving.post(JSON.stringify(request({}, { attributes: kept })), json);
  const found = (await records()).filter((row) => row["feature"] === "no tokens");
  expect(found).toMatchObject([
    { usage_quality: "missing", input_tokens: null, cost_usd: null, unpriced_reason: "no_usage" },
  ]);
});
