import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completion, json, ModelServer, status } from "./model-server.ts";
import { registered, runApplication, TraceSink } from "./running.ts";

let sink: TraceSink;
let server: ModelServer | undefined;
beforeEach(async () => {
  sink = await new TraceSink().start();
});
afterEach(async () => {
  await sink.stop();
  await server?.stop();
  server = undefined;
});

function environment(): Record<string, string> {
  return {
    MODEL_URL: server?.url ?? "",
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
}

function sent(name: string) {
  return sink.spans.find((span) => span.name === name)?.attributes;
}

describe.each(["openai.mjs", "openai.cjs"])("with one flag, the service %s", (application) => {
  test("sends spans of its model calls with cost, cached tokens and retries", async () => {
    server = await ModelServer.start(
      status(429, { "retry-after-ms": "5" }),
      status(500, { "retry-after-ms": "5" }),
      json(completion),
    );
    const { code, stdout, stderr } = await runApplication(application, { env: environment() });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "the answer is secret\n",
      stderr: "",
    });
    expect(sent("chat gpt-5-mini")).toMatchObject({
      "gen_ai.usage.input_tokens": 1523,
      "gen_ai.usage.cache_read.input_tokens": 1024,
      "spancost.cost.usd": 0.00077235,
      "spancost.retry.count": 2,
    });
    expect(sink.spans.filter(({ name }) => name === "POST")).toHaveLength(3);
    expect(JSON.stringify(sink.spans)).not.toContain("secret");
  });
});

test("the Anthropic client's own spans get their cost", async () => {
  server = await ModelServer.start(
    json({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-haiku-4-5-20251001",
      content: [{ type: "text", text: "the answer is secret" }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: 96,
        cache_read_input_tokens: 2000,
        cache_creation_input_tokens: 1024,
        cache_creation: { ephemeral_5m_input_tokens: 1024, ephemeral_1h_input_tokens: 0 },
        output_tokens: 257,
        service_tier: "standard",
      },
    }),
  );
  const { stdout } = await runApplication("anthropic.mjs", { env: environment() });
  expect(stdout).toBe("the answer is secret\n");
  expect(sent("anthropic.messages.create")).toMatchObject({
    "gen_ai.usage.input_tokens": 3120,
    // 96 at $1, 2,000 at $0.10, 1,024 at $1.25 and 257 at $5 per million
    "spancost.cost.usd": 0.002861,
    "spancost.retry.count": 0,
  });
});

test("SPANCOST_LOG prints a line per call", async () => {
  server = await ModelServer.start(json(completion));
  const env = { ...environment(), SPANCOST_LOG: "1" };
  const { stderr } = await runApplication("openai.mjs", { env });
  expect(stderr).toBe(
    "spancost  gpt-5-mini-2025-08-07  1,523 in (1,024 cached)  311 out  $0.00077\n",
  );
});

test.each(["SPANCOST_DISABLED", "OTEL_SDK_DISABLED"])(
  "%s turns all of it off",
  async (variable) => {
    server = await ModelServer.start(json(completion));
    const env = { ...environment(), [variable]: "true" };
    const { code, stdout, stderr } = await runApplication("openai.mjs", { env });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "the answer is secret\n",
      stderr: "",
    });
    expect(sink.spans).toEqual([]);
  },
);

test("a termination signal ends the service as it would without, after the last spans are sent", async () => {
  const finished = await runApplication("waiting.mjs", { env: environment(), signal: "SIGTERM" });
  expect(finished).toEqual({ code: "SIGTERM", stdout: "ready\n", stderr: "" });
});

test("a receiver that is down changes nothing for the service", async () => {
  server = await ModelServer.start(json(completion));
  const env = { ...environment(), OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
  const { code, stdout } = await runApplication("openai.mjs", { env });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "the answer is secret\n" });
});

test("an SDK that runs already is joined, not doubled", async () => {
  const own = new URL("applications/own-sdk.mjs", import.meta.url).href;
  const [conditions = "", ...rest] = registered;
  const node = [conditions, "--import", own, ...rest];
  const { stdout, stderr } = await runApplication("by-hand.mjs", { env: environment(), node });
  expect(stdout).toContain("'spancost.cost.usd': 0.00077235");
  expect(stderr).toBe("");
  expect(sink.spans).toEqual([]);
});

test("SPANCOST_DOCTOR says that spans are not taken, and why; a call that failed tells no tokens", async () => {
  server = await ModelServer.start(status(429, { "retry-after-ms": "5" }), json(completion));
  const withoutToken = await ModelServer.start(status(401));
  const env = { ...environment(), SPANCOST_DOCTOR: "1" };
  const said = async (url: string) => {
    const there = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: url };
    return (await runApplication("openai.mjs", { env: there })).stderr.split("\n");
  };
  const { url } = withoutToken;
  const refused = await said(url);
  await withoutToken.stop();
  const { host } = new URL(url);
  expect(refused).toEqual([
    `spancost: error: No span was taken by ${host}: Unauthorized.`,
    "          try: export OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20TOKEN   # of spancost token NAME",
    "",
  ]);
  // How long the exporter tries again before it says why is its own affair.
  expect((await said(url))[0]).toMatch(
    /^spancost: error: No span was taken by \S+: (?:no answer yet|connect ECONNREFUSED .*)\.$/,
  );
});

test("SPANCOST_DOCTOR says of a healthy service that it is, also at its end", async () => {
  const env = { ...environment(), SPANCOST_DOCTOR: "1" };
  const { stderr } = await runApplication("by-hand.mjs", { env });
  expect(stderr).toContain("spancost: model calls are seen, priced and exported.");
});
