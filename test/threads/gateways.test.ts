import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter, type More, post, web } from "./spans.ts";

const app = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });
const gateway: More = { service: "litellm" };
const litellm = emitter("litellm", gateway);
const vllm = emitter("vllm.llm_engine", { service: "vllm", kind: "server" });

/** What the OpenAI client is told by the gateway, as OpenTelemetry's instrumentation writes it. */
const clientSide: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.system": "openai",
  "gen_ai.request.model": "gpt-5-mini",
  "gen_ai.response.model": "gpt-5-mini-2025-08-07",
  "gen_ai.response.id": "chatcmpl-L1",
  "gen_ai.usage.input_tokens": 1_523,
  "gen_ai.usage.output_tokens": 311,
  "server.address": "litellm.internal",
};

/** What LiteLLM puts on the span of a request. */
const gatewaySide: Attributes = {
  ...clientSide,
  "llm.is_streaming": "False",
  "gen_ai.usage.total_tokens": 1_834,
  "gen_ai.cost.total_cost": 0.00100275,
  hidden_params: '{"response_cost":0.00100275,"cache_key":null}',
  "metadata.user_api_key_team_alias": "support",
};

// 1,523 at $0.25 and 311 at $2.
const once = { calls: 1, cost_usd: "0.001002750000", input_tokens: 1_523, output_tokens: 311 };

/** An app's call through the gateway, with what the gateway sends below it. */
function throughGateway(...inside: readonly ReturnType<typeof litellm>[]) {
  return booked(
    web("1", [0, 900], "POST /reply", { "app.feature": "ticket-reply" }),
    app("2<1", [1, 890], "chat gpt-5-mini", clientSide),
    post("3<2", [2, 880], 200),
    ...inside,
  );
}

test("client, gateway and engine tell of one call (open-telemetry/semantic-conventions-genai#231)", async () => {
  const { records, roles, total } = await throughGateway(
    litellm("4<3", [10, 870], "Received Proxy Server Request", {}, { kind: "server" }),
    litellm("5<4", [12, 868], "litellm_request", gatewaySide),
    litellm("6<5", [13, 867], "raw_gen_ai_request", { "llm.openai.model": "gpt-5-mini" }),
    vllm("7<5", [20, 860], "llm_request", {
      "gen_ai.response.model": "gpt-5-mini",
      "gen_ai.request.id": "chatcmpl-L1",
      "gen_ai.usage.prompt_tokens": 1_523,
      "gen_ai.usage.completion_tokens": 311,
    }),
  );
  expect(total).toEqual(once);
  expect(columns(records, "told_by", "feature")).toEqual([[2, "ticket-reply"]]);
  expect(Object.values(roles).filter((role) => role === "billable")).toHaveLength(1);
});

test("LiteLLM without a request span of its own still tells of the same call (BerriAI/litellm, from 1.81)", async () => {
  // Since 1.81.0 what stood on `litellm_request` stands on the proxy's own span, unless the operator asks for both.
  const { total, records } = await throughGateway(
    litellm("4<3", [10, 870], "Received Proxy Server Request", gatewaySide, { kind: "server" }),
  );
  expect(total).toEqual(once);
  expect(columns(records, "told_by", "usage_issue")).toEqual([[2, null]]);
});

test("LiteLLM in the newest conventions still tells of the same call (BerriAI/litellm, gen_ai_latest_experimental)", async () => {
  const { "gen_ai.system": _, ...rest } = gatewaySide;
  const { total, records } = await throughGateway(
    litellm("4<3", [10, 870], "Received Proxy Server Request", {}, { kind: "server" }),
    litellm(
      "5<4",
      [12, 868],
      "chat gpt-5-mini",
      { ...rest, "gen_ai.provider.name": "openai" },
      { ...gateway, kind: "client" },
    ),
  );
  expect(total).toEqual(once);
  expect(columns(records, "told_by", "usage_issue")).toEqual([[2, null]]);
});

test("what agents ask over /v1/messages and /v1/responses counts like chat (BerriAI/litellm#38176)", async () => {
  const routes = ["/v1/chat/completions", "/v1/messages", "/v1/responses"];
  const { total, records } = await booked(
    ...routes.flatMap((route, index) => [
      litellm(
        "1",
        [index, 90],
        "Received Proxy Server Request",
        { "http.route": route },
        {
          kind: "server",
          trace: index + 1,
        },
      ),
      litellm(
        "2<1",
        [index, 89],
        "litellm_request",
        {
          "gen_ai.operation.name": "chat",
          "gen_ai.system": "openai",
          "gen_ai.request.model": "gpt-5.6-sol",
          "gen_ai.usage.input_tokens": 306,
          "gen_ai.usage.output_tokens": 5,
          "metadata.user_api_key_team_alias": "agents",
        },
        { trace: index + 1 },
      ),
    ]),
  );
  // 306 at $4 and 5 at $20, three times.
  expect(total).toMatchObject({ calls: 3, cost_usd: "0.003972000000" });
  expect(columns(records, "team", "usage_issue")).toEqual(routes.map(() => ["agents", null]));
});

test("usage inside a call, on a span of a kind that nobody knows, is no second call", async () => {
  const proxy = emitter("acme-proxy 3.1.0", { service: "acme-proxy", kind: "server" });
  const { total, roles } = await throughGateway(
    proxy("4<3", [10, 870], "forward", { ...clientSide, "gen_ai.operation.name": "proxy" }),
  );
  expect(total).toEqual(once);
  expect(roles).toMatchObject({ 2: "billable", 4: "rollup" });
});

test("an answer from the gateway's cache costs nothing, whatever usage and cost it repeats (BerriAI/litellm, Caching)", async () => {
  const cached = { ...gatewaySide, hidden_params: '{"response_cost":0.001,"cache_key":"abc"}' };
  const { total, roles } = await throughGateway(
    litellm("4<3", [10, 20], "litellm_request", cached),
  );
  expect(total).toMatchObject({ calls: 0, cost_usd: null });
  expect(Object.values(roles)).not.toContain("billable");
});

test("a gateway that asks a second model after the first one failed is billed for the second", async () => {
  const { records, total } = await booked(
    litellm("1", [0, 90], "Received Proxy Server Request", {}, { kind: "server" }),
    litellm(
      "2<1",
      [1, 30],
      "litellm_request",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-5.5",
        "error.type": "429",
      },
      { failed: true },
    ),
    litellm("3<1", [31, 89], "litellm_request", { ...gatewaySide, "gen_ai.response.id": "L2" }),
  );
  expect(total).toEqual(once);
  // Another model is another call, not an attempt of this one.
  expect(columns(records, "span", "retry_count")).toEqual([["3", null]]);
});

test("a gateway behind a gateway, each with the client's library, is one call", async () => {
  const { total, records } = await booked(
    app("1", [0, 99], "chat gpt-5-mini", clientSide),
    app("2<1", [2, 97], "chat gpt-5-mini", clientSide, { service: "edge-gateway" }),
    app("3<2", [4, 95], "chat gpt-5-mini", clientSide, { service: "core-gateway" }),
  );
  expect(total).toEqual(once);
  expect(columns(records, "span", "service")).toEqual([["3", "core-gateway"]]);
});
