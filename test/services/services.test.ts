import { describe, expect, test } from "vitest";
import { quickCell } from "./cells.ts";
import { faultsOf } from "./faults.ts";
import { installing } from "./installing.ts";
import { observe } from "./observe.ts";
import { type Run, runsIn } from "./runs.ts";

/** Every service as the documentation starts it, and each other way of starting with one or two of them. */
function isQuick({ scenario, kind, setup }: Run): boolean {
  if (setup.name === "--import register") return true;
  if (scenario.name === "openai chat") return true;
  if (scenario.name === "ai sdk 7 agent, own telemetry") return true;
  if (scenario.name === "two services") return kind === "mjs";
  return scenario.name === "loop by hand" && setup.name === "SpanCostProcessor";
}

const runs = runsIn(quickCell).filter(isQuick);

describe(`services on Node ${quickCell.node} with OpenTelemetry ${quickCell.otel}`, () => {
  const installed = installing(quickCell);

  test("there are services to run", () => {
    expect(runs.length).toBeGreaterThan(15);
  });

  test.for(runs.map((run) => [run.name, run] as const))("%s", async ([, run], context) => {
    const { scenario, kind, setup } = run;
    const seen = await observe(installed(context), scenario, kind, setup);
    // One sentence for whatever is not on record as it was billed, or is where it must not be.
    expect(faultsOf(scenario, seen)).toEqual([]);
  });
});
