import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../flow/command.ts";
import { hasBrowser, openBrowser, openPage, settled } from "./browsing.ts";
import { serve } from "./served.ts";
import { modelCall, sendCall } from "./spans.ts";
import { useStage } from "./stage.ts";

const attack = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

describe.skipIf(!hasBrowser)("the page of a new receiver", () => {
  const stage = useStage({ db: "new.duckdb" });

  test("says how to send traces, and shows the first call by itself, whatever its names are", async () => {
    const { page, problems } = await openPage(stage.browser);
    await page.goto(`${stage.served.url}/`);
    await page.getByRole("heading", { name: "No calls yet" }).waitFor();
    const lines = await page.locator("main").innerText();
    expect(lines).toContain(`export OTEL_EXPORTER_OTLP_ENDPOINT=${stage.served.otlpUrl}`);
    expect(lines).toContain("npx spancost demo");

    const call = modelCall({ span: attack, feature: attack, service: attack });
    await sendCall(stage.served.otlpUrl, call.body);
    await page.getByText("Spend rate, last hour").waitFor({ timeout: 20_000 });
    await settled(page);
    expect(await page.locator(".figures").innerText()).toContain("$0.25 / h");
    // Right after the first call nobody knows what is usual.
    expect(await page.locator("main").innerText()).not.toContain("$0.00");
    expect(new URL(page.url()).searchParams.get("since")).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await page.getByText(attack).count()).toBeGreaterThan(0);

    for (const path of [
      "/explain",
      "/traces",
      `/trace/${call.traceId}`,
      "/quality",
      "/queries/emitters",
    ]) {
      await page.goto(`${stage.served.url}${path}${new URL(page.url()).search}`);
      await settled(page);
      expect(await page.title()).not.toBe("owned");
      expect(await page.locator("main img, main script").count()).toBe(0);
    }
    await page.goto(`${stage.served.url}/trace/${call.traceId}`);
    await page.getByText(attack, { exact: true }).first().waitFor();
    expect(problems).toEqual([]);
  });

  test("while it follows new calls, the window moves along with them", async () => {
    const { page } = await openPage(stage.browser);
    await page.goto(`${stage.served.url}/`);
    await settled(page);
    expect(new URL(page.url()).searchParams.get("live")).toBe("1");
    await sendCall(
      stage.served.otlpUrl,
      modelCall({ span: "chat", feature: "second", service: "shop" }).body,
    );
    await page.getByRole("link", { name: "second", exact: true }).waitFor({ timeout: 20_000 });
  });

  test("what costs nobody knows is unknown, and never $0", async () => {
    const unknown = modelCall({ span: "chat", feature: "unheard-of", service: "shop" });
    await sendCall(stage.served.otlpUrl, unknown.body.replaceAll("gpt-5-mini", "acme-ft-7b"));
    const { page } = await openPage(stage.browser);
    await page.goto(`${stage.served.url}/trace/${unknown.traceId}`);
    await settled(page);
    const cost = await page.locator(".figures > div", { hasText: "Cost" }).first().innerText();
    expect(cost).toContain("unknown");
    expect(await page.locator("main").innerText()).not.toContain("$0");
  });
});

describe.skipIf(!hasBrowser)("a page behind a token", () => {
  test("is used by a browser that is asked for it as a password", async () => {
    const own = mkdtempSync(join(tmpdir(), "spancost-browser-"));
    const made = await tokenLine(own);
    writeFileSync(join(own, "tokens"), made.line);
    const receiver = await serve(own, "new.duckdb", ["--tokens", "tokens"]);
    const chromium = await openBrowser();
    try {
      const stranger = await openPage(chromium);
      const refused = await stranger.page.goto(`${receiver.url}/`).catch(() => undefined);
      expect(refused?.status() ?? 401).toBe(401);
      const httpCredentials = { username: "me", password: made.token };
      const { page, problems } = await openPage(chromium, { httpCredentials });
      await page.goto(`${receiver.url}/`);
      await page.getByRole("heading", { name: "No calls yet" }).waitFor();
      expect(problems.filter((problem) => !problem.includes("401"))).toEqual([]);
    } finally {
      await chromium.close();
      await receiver.stop();
      rmSync(own, { recursive: true, force: true });
    }
  });
});

/** A new token that may read, and its line in a file of tokens. */
async function tokenLine(cwd: string): Promise<{ token: string; line: string }> {
  const { stdout, stderr } = await runCommand(cwd, ["token", "page", "--scope", "read"]);
  return { line: stdout, token: /shown only now: (\S+)/.exec(stderr)?.[1] ?? "" };
}
