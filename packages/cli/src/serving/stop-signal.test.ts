import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const module = fileURLToPath(new URL("stop-signal.ts", import.meta.url));

/**
 * A process in whose database questions run for minutes, or wait for a thread, and which does nothing about a signal but
 * to take note.
 */
const program = `
  import { Store } from "@spancost/store";
  import { stopSignal } from ${JSON.stringify(module)};
  const store = await Store.open(":memory:");
  stopSignal(() => store.breakOff());
  const endless = "select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3";
  for (let nth = 0; nth < 4; nth += 1) store.readRows(endless).catch(() => undefined);
  setTimeout(() => process.send("asked"), 500);
`;

test.each([
  { signal: "SIGTERM", times: 1, seconds: 6, code: 0 },
  { signal: "SIGINT", times: 2, seconds: 3, code: 130 },
] as const)(
  "a process ends within $seconds seconds of $signal, sent $times times, whatever its database is doing",
  async ({ signal, times, seconds, code }) => {
    const args = ["--conditions=spancost-source", "--input-type=module", "--eval", program];
    const cwd = fileURLToPath(new URL(".", import.meta.url));
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    const env = { ...process.env, UV_THREADPOOL_SIZE: "1" };
    const child = spawn(process.execPath, args, { cwd, env, stdio: [...stdio] });
    try {
      await once(child, "message");
      const ended = once(child, "exit");
      const begun = performance.now();
      for (let nth = 0; nth < times; nth += 1) {
        child.kill(signal);
        await delay(200);
      }
      expect(await ended).toEqual([code, null]);
      expect(performance.now() - begun).toBeLessThan(seconds * 1000);
    } finally {
      child.kill("SIGKILL");
    }
  },
  30_000,
);
