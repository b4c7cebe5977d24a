import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../conformance/serving.ts";
import type { Target } from "../faults/load/sending.ts";

/** The Collector that `node collector-config/build.mjs` built. */
export const program = execFileSync(process.execPath, ["collector-config/build.mjs", "--where"], {
  encoding: "utf8",
}).trim();

/** Why nothing can be run with a Collector; `undefined` where it is there. */
export const missing = existsSync(program)
  ? undefined
  : "NO COLLECTOR HERE, so its configurations are not tested: `node collector-config/build.mjs` builds it, with Go";

if (missing !== undefined) console.warn(missing);

/** The sets of files that README.md of `collector-config` names, each with what it is for. */
export const sets = {
  agent: ["cost-only.yaml", "agent.yaml"],
  gateway: ["cost-only.yaml", "gateway.yaml"],
  "agent with counters": ["cost-only.yaml", "agent.yaml", "counters.yaml"],
  "gateway with tail sampling and counters": [
    "cost-only.yaml",
    "gateway.yaml",
    "gateway-tail-sampling.yaml",
    "counters.yaml",
  ],
  "gateway with tail sampling": ["cost-only.yaml", "gateway.yaml", "gateway-tail-sampling.yaml"],
  "load balancer": ["loadbalancer.yaml"],
  "capture to file": ["cost-only.yaml", "capture-to-file.yaml"],
} as const;

export type SetName = keyof typeof sets;

/** The arguments that name the files of a set, and more of the tests' own. */
export function configArgs(files: readonly string[]): string[] {
  return files.flatMap((file) => ["--config", resolve("collector-config", file)]);
}

/** `otelcol validate`: what it says, and the code that it ends with. */
export function validate(files: readonly string[]): { code: number | null; words: string } {
  const { status, stdout, stderr } = spawnSync(program, ["validate", ...configArgs(files)], {
    encoding: "utf8",
  });
  return { code: status, words: stdout + stderr };
}

/** None outlives the tests. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** What a Collector is started with. */
export interface CollectorOptions {
  readonly files: readonly string[];
  /** Everything that it writes is below it. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string | number>>;
  /** Listens there, and not on ports of its own: as after a restart. */
  readonly ports?: CollectorPorts;
}

/** Where it listens, all on 127.0.0.1. */
export interface CollectorPorts {
  readonly http: number;
  readonly grpc: number;
  /** Of the counters that a gateway makes of spans. */
  readonly counters: number;
  /** Of what it tells of itself. */
  readonly metrics: number;
}

/** A Collector as a process of its own. */
export class Collector {
  readonly ports: CollectorPorts;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #words = "";

  private constructor(child: ChildProcess, ports: CollectorPorts) {
    this.ports = ports;
    this.#child = child;
    running.add(child);
    this.#ended = new Promise((settle) => {
      child.once("exit", (code) => {
        running.delete(child);
        settle(code);
      });
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#words = (this.#words + text).slice(-64_000);
    });
  }

  /** Resolves once it takes traces. */
  static async start({ files, folder, env = {}, ports }: CollectorOptions): Promise<Collector> {
    const [http, grpc, counters, metrics, health] = await freePorts(5);
    const own = ports ?? { http, grpc, counters, metrics };
    const settings = {
      OTELCOL_HTTP: `127.0.0.1:${own.http}`,
      OTELCOL_GRPC: `127.0.0.1:${own.grpc}`,
      OTELCOL_COUNTERS: `127.0.0.1:${own.counters}`,
      OTELCOL_METRICS_HOST: "127.0.0.1",
      OTELCOL_METRICS_PORT: own.metrics,
      OTELCOL_HEALTH: `127.0.0.1:${health}`,
      OTELCOL_STORAGE: join(folder, "queue"),
      ...env,
    };
    const texts = Object.entries(settings).map(([name, value]) => [name, String(value)]);
    const child = spawn(program, configArgs(files), {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...Object.fromEntries(texts) } as NodeJS.ProcessEnv,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const collector = new Collector(child, own);
    await collector.#ready();
    return collector;
  }

  async #ready(): Promise<void> {
    const until = performance.now() + 30_000;
    while (!this.#words.includes("Everything is ready")) {
      if (this.#child.exitCode !== null || performance.now() > until) {
        await this.kill();
        throw new Error(`the Collector did not start:\n${this.#words}`);
      }
      await delay(20);
    }
  }

  get target(): Target {
    return { http: `http://127.0.0.1:${this.ports.http}`, grpc: `127.0.0.1:${this.ports.grpc}` };
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The end of what it logged. */
  get words(): string {
    return this.#words;
  }

  /** SIGTERM: what it has in memory goes on, or to disk. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return this.#ended;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
