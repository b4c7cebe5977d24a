import { channel } from "node:diagnostics_channel";
import { request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { context, trace } from "@opentelemetry/api";
import { withAgentRun, withRetries } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completion, json, ModelServer, status } from "./model-server.ts";
import { answered, call, kinds, Service, startCall } from "./service.ts";

let service: Service;
let server: ModelServer | undefined;
beforeEach(() => {
  service = new Service();
});
afterEach(async () => {
  await service.stop();
  await server?.stop();
});

const path = "/v1/chat/completions";

async function ask(url = `${server?.url}${path}`): Promise<number> {
  const response = await fetch(url, { method: "POST", body: "{}" });
  await response.text();
  return response.status;
}

/** As the official clients do: asks again until it works. */
async function askUntilAnswered(): Promise<void> {
  while ((await ask()) !== 200);
}

function retriesOn(name = "chat gpt-5-mini"): unknown {
  return service.attributesOf(name)["spancost.retry.count"];
}

describe("retries that a client makes by itself", () => {
  test("are counted, without any instrumentation of HTTP", async () => {
    server = await ModelServer.start(status(429), status(500), json(completion));
    await call(askUntilAnswered);
    expect(retriesOn()).toBe(2);
  });

  test("are 0 where the first request was answered, and unknown where none was seen", async () => {
    server = await ModelServer.start(json(completion));
    await call(ask.bind(null, undefined), "asked");
    await call(() => {}, "not seen");
    expect(retriesOn("asked")).toBe(0);
    expect(retriesOn("not seen")).toBeUndefined();
  });

  test("are each call's own, of calls side by side", async () => {
    server = await ModelServer.start(json(completion));
    await Promise.all([
      call(async () => {
        await ask();
        await ask();
        await ask();
      }, "three"),
      call(() => ask(), "one"),
    ]);
    expect([retriesOn("three"), retriesOn("one")]).toEqual([2, 0]);
  });

  test("are the call's where an instrumentation of HTTP makes spans inside it", async () => {
    server = await ModelServer.start(status(429), json(completion));
    const tracer = trace.getTracer("@opentelemetry/instrumentation-http");
    await call(async () => {
      for (const _ of [1, 2]) {
        await tracer.startActiveSpan("POST", { kind: kinds.client }, async (span) => {
          await new Promise((resolve) => {
            request(`${server?.url}${path}`, { method: "POST" }, (response) =>
              response.resume().on("end", resolve),
            ).end();
          });
          span.end();
        });
      }
    });
    expect(retriesOn()).toBe(1);
  });

  test("are not what else is asked on the way: tokens, files, the tools' own services", async () => {
    server = await ModelServer.start(json(completion));
    await call(async () => {
      await ask(`${server?.url}/oauth/token`);
      await ask(`${server?.url}/v1/files`);
      await ask();
    });
    expect(retriesOn()).toBe(0);
  });

  test("stay unknown of an emitter that makes a span of each attempt", async () => {
    server = await ModelServer.start(json(completion));
    const span = trace.getTracer("ai").startSpan("ai.generateText.doGenerate", {
      attributes: { "ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "gpt-5-mini" },
    });
    await context.with(trace.setSpan(context.active(), span), () => ask());
    span.end();
    expect(retriesOn("ai.generateText.doGenerate")).toBeUndefined();
  });
});

describe("withRetries", () => {
  const failing = (code: number, headers = {}) =>
    Object.assign(new Error(`${code}`), { status: code, headers });

  test("marks the calls of each attempt with how many came before, the client's own among them", async () => {
    server = await ModelServer.start(status(429), status(429), json(completion));
    const result = await withRetries(
      (attempt) =>
        call(async () => {
          // The client asks twice at the second attempt.
          if (attempt === 1) await ask();
          if ((await ask()) !== 200) throw failing(429, { "retry-after-ms": "1" });
          return "answer";
        }, `attempt ${attempt}`),
      { attempts: 5 },
    );
    expect(result).toBe("answer");
    expect([retriesOn("attempt 0"), retriesOn("attempt 1")]).toEqual([0, 2]);
  });

  test("does not mark the calls of an agent that is run anew: they are not attempts of each other", async () => {
    await withRetries(
      async (attempt) => {
        await withAgentRun("a", (run) => run.step(() => call(() => {}, `run ${attempt}`)));
        if (attempt === 0) throw failing(500);
      },
      { delay: () => 0 },
    );
    expect([retriesOn("run 0"), retriesOn("run 1")]).toEqual([undefined, undefined]);
  });

  test.each([
    ["a status that may pass", failing(503), 3],
    [
      "a lost connection",
      Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } }),
      3,
    ],
    ["an answer that asks for it", failing(400, { "x-should-retry": "true" }), 3],
    ["a status that will not pass", failing(400), 1],
    ["an answer that asks for none", failing(429, { "x-should-retry": "false" }), 1],
    ["a mistake in the program", new TypeError("x is not a function"), 1],
  ])("after %s", async (_name, error, attempts) => {
    let made = 0;
    const promise = withRetries(
      () => {
        made += 1;
        throw error;
      },
      { delay: () => 0 },
    );
    await expect(promise).rejects.toBe(error);
    expect(made).toBe(attempts);
  });

  test("waits as long as the answer asks for", async () => {
    const begun = performance.now();
    let made = 0;
    await withRetries(() => {
      made += 1;
      if (made === 1) throw failing(429, { "retry-after": "0.05" });
    });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
  });

  test("stops waiting when its signal says so", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const promise = withRetries(() => Promise.reject(failing(429)), {
      delay: () => 60_000,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(reason), 5);
    await expect(promise).rejects.toBe(reason);
  });
});

test("a call that never ends leaves nothing behind", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // Announced as undici does it; a connection of its own would keep the context that it was opened in.
  const sent = channel("undici:request:create");
  const begin = () => {
    const span = startCall();
    context.with(trace.setSpan(context.active(), span), () =>
      sent.publish({ request: { method: "POST", path } }),
    );
    span.setAttributes(answered);
    return new WeakRef(span);
  };
  const reference = begin();
  for (let round = 0; round < 50 && reference.deref() !== undefined; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  expect(reference.deref()).toBeUndefined();
});
