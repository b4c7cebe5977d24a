import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../flow/command.ts";
import { hasBrowser, openPage, settled } from "./browsing.ts";
import { useStage } from "./stage.ts";

const recording = resolve("test/captures/mlflow-apart-both/tool-loop.traces.otlp.pb");

describe.skipIf(!hasBrowser)("the view of data quality", () => {
  const stage = useStage({
    prepare: (folder) => runCommand(folder, ["ingest", "--db", "costs.duckdb", recording]),
  });

  test("shows calls that are counted twice, and who tells of them", async () => {
    const { page, problems } = await openPage(stage.browser);
    const hour = "since=2026-11-22T21:00Z&until=2026-11-22T22:00Z";
    await page.goto(`${stage.served.url}/quality?${hour}`);
    await settled(page);
    const panel = page.locator("#told-in-two-traces");
    await panel.getByRole("cell", { name: "mlflow.tracing.provider" }).waitFor();
    expect(await panel.innerText()).toContain("$0.0013");
    expect(problems).toEqual([]);
  });
});
