import {
  assertBudget,
  type Breach,
  type BudgetEvent,
  SpancostLimitError,
  type SpancostOptions,
  withAgentRun,
  withFeature,
  withRetries,
} from "@spancost/instrumentation";
import { afterEach, describe, expect, test } from "vitest";
import { answered, call, Service } from "./service.ts";

let service: Service | undefined;
afterEach(() => service?.stop());

function serviceWith(options: SpancostOptions): void {
  service = new Service(options);
}

/** A call that costs $0.00077235. */
const spend = (name?: string) => call(() => {}, name);

function breachedOn(name: string): unknown {
  return service?.attributesOf(name)["spancost.guardrail.breached"];
}

describe("a budget", () => {
  test("calls its owner at 80 % and at 100 %, and marks the call that spent it", async () => {
    const events: BudgetEvent[] = [];
    serviceWith({
      budgets: [{ usd: 0.0015, per: "process" }],
      onBudget: (event) => events.push(event),
    });
    await spend("one");
    await spend("two");
    await spend("three");
    expect(events.map(({ share, spentUsd }) => [share, spentUsd])).toEqual([[1, 0.0015447]]);
    expect(["one", "two", "three"].map(breachedOn)).toEqual([undefined, ["budget"], undefined]);
  });

  test("of a feature counts that feature only", async () => {
    const events: BudgetEvent[] = [];
    serviceWith({
      budgets: [{ usd: 0.0009, per: "hour", feature: "search" }],
      onBudget: (event) => events.push(event),
    });
    await withFeature("other", () => spend());
    expect(events).toEqual([]);
    await withFeature("search", () => spend());
    expect(events.map(({ share }) => share)).toEqual([0.8]);
  });

  test("throws where its owner asks, once it is spent: never out of a model call", async () => {
    serviceWith({ budgets: [{ usd: 0.0007, per: "process", enforce: true }] });
    assertBudget();
    await spend();
    await spend("still goes through");
    const spent = "the budget of $0.0007 is spent: $0.0015447 in this process";
    expect(() => assertBudget()).toThrow(
      new SpancostLimitError("budget", 0.0007, 0.0015447, spent),
    );
    expect(() => withAgentRun("a", (run) => run.step(() => expect.unreachable()))).toThrow(spent);
    await expect(withRetries(() => expect.unreachable())).rejects.toThrow(spent);
  });

  test("of a feature stops that feature only", async () => {
    serviceWith({ budgets: [{ usd: 0.0001, per: "day", feature: "search", enforce: true }] });
    await withFeature("search", () => spend());
    assertBudget();
    expect(() => withFeature("search", () => assertBudget())).toThrow(
      'the budget of $0.0001 for feature "search" is spent: $0.00077235 in this day',
    );
  });

  test("that is none is said at the start, and the rest works", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on("warning", listen);
    serviceWith({ budgets: [{ usd: -1, per: "day" }] });
    await spend("priced all the same");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warnings.map(String)).toEqual([
      "SpancostWarning: a budget is a positive number of USD, not -1",
    ]);
    expect(service?.attributesOf("priced all the same")["spancost.cost.usd"]).toBe(0.00077235);
  });
});

describe("a guardrail", () => {
  test("on the input of one call marks the call and calls its owner", async () => {
    const breaches: Breach[] = [];
    serviceWith({
      guardrails: { maxInputTokens: 1522, onBreach: (breach) => breaches.push(breach) },
    });
    await withFeature("search", () => spend("large"));
    await call(() => {}, "small", { ...answered, "gen_ai.usage.input_tokens": 1522 });
    expect(breachedOn("large")).toEqual(["max_input_tokens"]);
    expect(breachedOn("small")).toBeUndefined();
    expect(breaches).toMatchObject([
      { guardrail: "max_input_tokens", limit: 1522, value: 1523, feature: "search" },
    ]);
  });

  test("on the steps of a run marks the run", async () => {
    serviceWith({ guardrails: { maxIterations: 2 } });
    await withAgentRun("loop", async (run) => {
      for (const _ of [1, 2, 3]) await run.step(() => spend());
      expect(run.iteration).toBe(3);
    });
    expect(breachedOn("invoke_agent loop")).toEqual(["max_iterations"]);
  });

  test("stops the run before the step too many, where its owner asks", async () => {
    serviceWith({ guardrails: { maxIterations: 2, enforce: true } });
    const run = withAgentRun("loop", async (steps) => {
      for (;;) await steps.step(() => spend());
    });
    await expect(run).rejects.toThrow("step 3 of a run that may have 2");
    expect(service?.exported.map(({ name }) => name)).toEqual([
      "chat gpt-5-mini",
      "chat gpt-5-mini",
      "invoke_agent loop",
    ]);
  });

  test("on the spending of a trace counts each trace by itself", async () => {
    serviceWith({ guardrails: { maxUsdPerTrace: 0.001 } });
    await spend("trace 1");
    await spend("trace 2");
    await withAgentRun("trace 3", async () => {
      await spend("first");
      await spend("second");
    });
    expect(["trace 1", "trace 2", "first", "second"].map(breachedOn)).toEqual([
      undefined,
      undefined,
      undefined,
      ["max_usd_per_trace"],
    ]);
  });
});
