import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { cpuOfProcess, peakMemoryOf } from "./cpu.ts";

/** `spancost serve` from its sources, as a person runs it. Linux only: what it uses is read from /proc. */
export class Serve {
  readonly port: number;
  /** Of the page and the API; ends with a slash. */
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #pid: number;

  private constructor(child: ChildProcess, port: number, url: string) {
    this.port = port;
    this.#process = child;
    this.#pid = child.pid ?? 0;
    this.url = url.endsWith("/") ? url : `${url}/`;
  }

  static async start(database: string): Promise<Serve> {
    const child = spawn(
      process.execPath,
      [
        "--conditions=spancost-source",
        "packages/cli/src/main.ts",
        ...["serve", "--db", database, "--http-port", "0", "--web-port", "0"],
      ],
      {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, SPANCOST_GRPC_PORT: "0" },
      },
    );
    let said = "";
    child.stderr?.on("data", (text: Buffer) => {
      said += text;
    });
    const note = `${database}.receiver.json`;
    while (!existsSync(note)) {
      if (child.exitCode !== null) throw new Error(`spancost serve ended: ${said}`);
      await delay(20);
    }
    const { otlp_url, url } = JSON.parse(readFileSync(note, "utf8"));
    return new Serve(child, Number(new URL(otlp_url).port), url);
  }

  /** Microseconds of CPU so far, in all its threads. */
  cpu(): number {
    return cpuOfProcess(this.#pid);
  }

  /** Bytes. */
  peakMemory(): number {
    return peakMemoryOf(this.#pid);
  }

  /** Bytes of memory that it has now. */
  memory(): number {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#pid}/status`, "latin1"));
    return Number(line?.[1] ?? 0) * 1024;
  }

  openFiles(): number {
    return readdirSync(`/proc/${this.#pid}/fd`).length;
  }

  /** A metric without labels; NaN where there is none. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(new URL("metrics", this.url))).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  }

  /** Resolves once everything acknowledged is in the database, and settled: an answer is given only then. */
  async caughtUp(): Promise<void> {
    const answer = await fetch(new URL("api/top", this.url));
    const text = await answer.text();
    if (text.includes("are not in these figures yet")) return this.caughtUp();
    if (!answer.ok && !text.includes("no_data")) throw new Error(`api/top answers ${text}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await ended;
  }
}
