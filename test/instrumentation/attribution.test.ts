import { setTimeout as sleep } from "node:timers/promises";
import {
  withAgentRun,
  withAttribution,
  withConversation,
  withFeature,
  withTeam,
  withUser,
} from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answered, call, Service, startCall } from "./service.ts";

let service: Service;
beforeEach(() => {
  service = new Service();
});
afterEach(() => service.stop());

describe("attribution", () => {
  test("is on each call inside, across awaits, and on none outside", async () => {
    await withFeature("search", async () => {
      await sleep(1);
      await Promise.all([
        withUser("u-1", async () => {
          await sleep(2);
          await call(() => {}, "first");
        }),
        withTeam("ml", () => withConversation("c-9", () => call(() => {}, "second"))),
      ]);
    });
    await call(() => {}, "outside");
    expect(service.attributesOf("first")).toMatchObject({
      "spancost.feature": "search",
      "spancost.user": "u-1",
    });
    expect(service.attributesOf("first")["spancost.team"]).toBeUndefined();
    expect(service.attributesOf("second")).toMatchObject({
      "spancost.feature": "search",
      "spancost.team": "ml",
      "gen_ai.conversation.id": "c-9",
    });
    expect(service.attributesOf("outside")["spancost.feature"]).toBeUndefined();
  });

  test("is of where the call began, not of where its stream is read", async () => {
    const span = withFeature("asked", () => startCall("streamed"));
    await withFeature("reading", async () => {
      span.setAttributes(answered);
      span.end();
    });
    expect(service.attributesOf("streamed")["spancost.feature"]).toBe("asked");
  });

  test("does not replace what the span says itself", async () => {
    withFeature("outer", () => startCall("own", { "spancost.feature": "mine" }).end());
    expect(service.attributesOf("own")["spancost.feature"]).toBe("mine");
  });

  test("hands results and errors through", async () => {
    const error = new Error("mine");
    const promise = Promise.resolve(1);
    expect(withFeature("f", () => 42)).toBe(42);
    expect(withFeature("f", () => promise)).toBe(promise);
    expect(() =>
      withFeature("f", () => {
        throw error;
      }),
    ).toThrow(error);
  });

  test.each([undefined, null, 7, {}, { feature: "" }, { feature: Symbol("x") }])(
    "%j is taken without a word",
    (values) => {
      expect(withAttribution(values as { feature: string }, () => "done")).toBe("done");
    },
  );
});

describe("an agent run", () => {
  test("numbers its steps and tells how deep it is", async () => {
    await withAgentRun("planner", async (run) => {
      await run.step(() => call(() => {}, "step 1"));
      await run.step(async () => {
        await call(() => {}, "step 2");
        await withAgentRun("helper", (inner) => inner.step(() => call(() => {}, "inner")));
        await call(() => {}, "step 2, later");
      });
      expect(run.iteration).toBe(2);
    });
    const where = (name: string) => {
      const { "spancost.loop.iteration": step, "spancost.agent.depth": depth } =
        service.attributesOf(name);
      return [step, depth];
    };
    expect(["step 1", "step 2", "inner", "step 2, later"].map(where)).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(service.attributesOf("invoke_agent planner")).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
    });
  });

  test("fails with the error of its function, whose message is on no span", async () => {
    const error = new RangeError("a secret");
    await expect(withAgentRun("a", () => Promise.reject(error))).rejects.toBe(error);
    expect(() =>
      withAgentRun("b", () => {
        throw error;
      }),
    ).toThrow(error);
    for (const name of ["invoke_agent a", "invoke_agent b"]) {
      expect(service.attributesOf(name)["error.type"]).toBe("RangeError");
    }
    expect(
      JSON.stringify(service.exported.map((span) => [span.attributes, span.name])),
    ).not.toContain("secret");
  });

  test("returns a client's own promise, and asks a lazy one once", async () => {
    class ClientPromise extends Promise<number> {
      extra = "kept";
    }
    const promise = new ClientPromise((resolve) => resolve(1));
    expect(withAgentRun("a", () => promise)).toBe(promise);
    let asked = 0;
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: what query builders are
      then(resolve: (value: string) => void) {
        asked += 1;
        resolve("rows");
      },
    };
    expect(await withAgentRun("b", () => lazy)).toBe("rows");
    expect(asked).toBe(1);
  });
});
