import { gzipSync } from "node:zlib";
import { usageFetch } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completion, events, json, ModelServer, status, usage } from "./model-server.ts";
import { call, Service } from "./service.ts";

let service: Service;
let server: ModelServer | undefined;
beforeEach(() => {
  service = new Service();
});
afterEach(async () => {
  await service.stop();
  await server?.stop();
});

/** What the official instrumentation of OpenAI writes: no cached tokens. */
const said = { "gen_ai.usage.input_tokens": 1523, "gen_ai.usage.output_tokens": 311 };

const url = () => `${server?.url}/v1/chat/completions`;
const post = { method: "POST", body: "{}" };

function asks<Result>(fn: () => Promise<Result>, attributes: Record<string, number> = said) {
  return call(fn, undefined, attributes);
}

function spanOfCall() {
  return service.attributesOf("chat gpt-5-mini");
}

const recovered = {
  ...said,
  "gen_ai.usage.cache_read.input_tokens": 1024,
  "gen_ai.usage.reasoning.output_tokens": 128,
  "openai.response.service_tier": "default",
  "spancost.cost.usd": 0.00077235,
};

describe("usage that the instrumentation left out is recovered from", () => {
  test("an answer that the client takes as JSON", async () => {
    server = await ModelServer.start(json(completion));
    const answer = await asks(async () => (await usageFetch()(url(), post)).json());
    expect(answer).toEqual(completion);
    expect(spanOfCall()).toMatchObject(recovered);
  });

  test("an answer that the client takes as text", async () => {
    server = await ModelServer.start(json(completion));
    const answer = await asks(async () => (await usageFetch()(url(), post)).text());
    expect(answer).toBe(JSON.stringify(completion));
    expect(spanOfCall()).toMatchObject(recovered);
  });

  test("a compressed answer to a Request", async () => {
    server = await ModelServer.start((response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync(JSON.stringify(completion)));
    });
    await asks(async () => (await usageFetch()(new Request(url(), post))).json());
    expect(spanOfCall()).toMatchObject(recovered);
  });

  test("a stream, every byte of which reaches the client", async () => {
    const chunks = [
      { choices: [{ delta: { content: "ït 😀" } }], usage: null },
      { ...completion, choices: [], usage },
      "[DONE]",
    ];
    server = await ModelServer.start(events(...chunks));
    const plain = await (await fetch(url(), post)).text();
    const observed = await asks(async () => {
      const response = await usageFetch()(url(), post);
      expect(response.url).toBe(url());
      expect(response.headers.get("content-type")).toBe("text/event-stream");
      const decoder = new TextDecoder();
      let text = "";
      for await (const chunk of response.body ?? [])
        text += decoder.decode(chunk, { stream: true });
      return text;
    });
    expect(observed).toBe(plain);
    expect(spanOfCall()).toMatchObject(recovered);
  });
});

describe("what is on the span already", () => {
  test("is not replaced, and nothing is added to counts that mean something else", async () => {
    server = await ModelServer.start(json(completion));
    await asks(async () => (await usageFetch()(url(), post)).json(), {
      "gen_ai.usage.input_tokens": 499,
      "gen_ai.usage.output_tokens": 311,
    });
    expect(spanOfCall()["gen_ai.usage.input_tokens"]).toBe(499);
    expect(spanOfCall()["gen_ai.usage.cache_read.input_tokens"]).toBeUndefined();
  });

  test("is completed where there is nothing at all", async () => {
    server = await ModelServer.start(json(completion));
    await asks(async () => (await usageFetch()(url(), post)).json(), {});
    expect(spanOfCall()).toMatchObject(recovered);
  });
});

test("no text of an answer is on any span", async () => {
  server = await ModelServer.start(json(completion));
  await asks(async () => (await usageFetch()(url(), post)).json());
  expect(JSON.stringify(spanOfCall())).not.toContain("secret");
});

describe("the client sees what it would see without", () => {
  test("outside of a call: the very promise of its own fetch", async () => {
    const promise = Promise.resolve(new Response("x"));
    expect(usageFetch(() => promise)("https://example.com")).toBe(promise);
    await asks(async () => {
      expect(usageFetch(() => promise)("https://example.com/v1/files", post)).toBe(promise);
    });
  });

  test("an answer that failed", async () => {
    server = await ModelServer.start(status(429, { "retry-after": "1" }));
    const response = await asks(() => usageFetch()(url(), post));
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await response.json()).toEqual({ error: { message: "no" } });
  });

  test("an error of its own fetch", async () => {
    const error = new TypeError("fetch failed");
    await expect(
      asks(() => usageFetch(() => Promise.reject(error))(`http://x/v1/responses`, post)),
    ).rejects.toBe(error);
  });

  test("a body that is no JSON", async () => {
    server = await ModelServer.start((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{broken");
    });
    await expect(asks(async () => (await usageFetch()(url(), post)).json())).rejects.toThrow(
      SyntaxError,
    );
  });

  test("a connection that is lost in the middle of a stream", async () => {
    server = await ModelServer.start((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n", () => response.destroy());
    });
    await expect(asks(async () => (await usageFetch()(url(), post)).text())).rejects.toThrow(
      "terminated",
    );
  });

  test("a stream that it gives up ends at the server too", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    server = await ModelServer.start((response) => {
      closed = new Promise((resolve) => response.on("close", resolve));
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
    });
    await asks(async () => {
      const response = await usageFetch()(url(), post);
      for await (const _ of response.body ?? []) break;
    });
    await closed;
  });

  test("an endless stream, chunk by chunk, without anything being read ahead or kept", async () => {
    let pulled = 0;
    const chunk = new TextEncoder().encode(`data: ${"x".repeat(64 * 1024)}`);
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(chunk.slice());
        },
      },
      { highWaterMark: 0 },
    );
    const base = async () =>
      new Response(body, { headers: { "content-type": "text/event-stream" } });
    await asks(async () => {
      const reader = (await usageFetch(base)("http://x/v1/responses", post)).body?.getReader();
      for (let read = 0; read < 500; read += 1) {
        expect((await reader?.read())?.value).toHaveLength(chunk.length);
        // Time enough to read ahead, if anything did.
        if (read < 10) await new Promise((resolve) => setImmediate(resolve));
        expect(pulled).toBe(read + 1);
      }
      await reader?.cancel();
    });
  });
});
