import { afterEach, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { plans, type Turn } from "./plan.ts";

let server: ModelServer | undefined;
afterEach(() => server?.close());

async function start(plan: readonly Turn[]): Promise<ModelServer> {
  server = await startModelServer(plan);
  return server;
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(body) });
}

test("bills what it says, to the client and in its log", async () => {
  const { url, log } = await start(plans.chat);
  const response = await post(`${url}/v1/chat/completions`, { model: "gpt-5-mini", messages: [] });
  const { usage, model } = (await response.json()) as Record<string, unknown>;
  expect([model, usage]).toMatchObject([
    "gpt-5-mini-2025-08-07",
    { prompt_tokens: 1523, completion_tokens: 311, prompt_tokens_details: { cached_tokens: 1024 } },
  ]);
  expect(log).toMatchObject([
    { api: "openai-chat", status: 200, billable: true, usage: { input: 1523, reasoning: 128 } },
  ]);
});

test("fails as often as planned, then answers, then is out of answers", async () => {
  const { url, log } = await start(plans.retry);
  const statuses: number[] = [];
  for (let nth = 0; nth < 4; nth += 1) {
    statuses.push((await post(`${url}/v1/responses`, { model: "m", input: "" })).status);
  }
  expect(statuses).toEqual([429, 429, 200, 500]);
  expect(log.map(({ billable }) => billable)).toEqual([false, false, true, false]);
});

test.each([
  ["/v1/messages", { input_tokens: 96, cache_read_input_tokens: 2000 }],
  ["/model/anthropic.claude/converse", { inputTokens: 96, cacheReadInputTokens: 2000 }],
])("%s leaves cached tokens out of input, as the provider does", async (path, expected) => {
  const { url } = await start(plans.anthropic);
  const { usage } = (await (await post(`${url}${path}`, { model: "m" })).json()) as {
    usage: object;
  };
  expect(usage).toMatchObject(expected);
});

test("a stream tells its usage only where it is asked to", async () => {
  const { url, log } = await start([...plans.stream, ...plans.stream]);
  const ask = async (more: object) =>
    (await post(`${url}/v1/chat/completions`, { model: "m", stream: true, ...more })).text();
  expect(await ask({})).not.toContain("prompt_tokens");
  expect(await ask({ stream_options: { include_usage: true } })).toContain('"prompt_tokens":1777');
  expect(log.map(({ usage_on_wire }) => usage_on_wire)).toEqual([false, true]);
});

test("what it does not know is noted, not billed", async () => {
  const { url, log, strays } = await start(plans.chat);
  expect((await post(`${url}/v1/files`, {})).status).toBe(404);
  expect([log, strays]).toEqual([[], ["POST /v1/files"]]);
});
