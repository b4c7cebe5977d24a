import { spawn } from "node:child_process";
import type { Project } from "./project.ts";

export interface ServiceOptions {
  /** Arguments of node before the application: how OpenTelemetry is started. */
  readonly flags: readonly string[];
  /** File below the project's folder. */
  readonly app: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A service that is running and listens. */
export interface Service {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** From the start of the process until it listened, in milliseconds. */
  readonly startMillis: number;
  /** Asks it to end, as an orchestrator does: SIGTERM, and SIGKILL where that is not heard. */
  stop(): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From SIGTERM until it had ended, in milliseconds. */
  readonly stopMillis: number;
  readonly stderr: string;
}

/** Longer than any service here takes on a busy machine. */
const startTimeout = 30_000;
/** Orchestrators wait as long or longer. */
const stopTimeout = 15_000;

/** What of this process's environment a service gets; above all nothing that configures OpenTelemetry. */
const inherited = ["PATH", "HOME", "TMPDIR", "LANG"];

/**
 * Starts a service and waits until it prints that it is listening.
 *
 * @throws Error with its stderr where it does not come to that
 */
export function startService(project: Project, options: ServiceOptions): Promise<Service> {
  const kept = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const startedAt = performance.now();
  const child = spawn(project.node, [...options.flags, options.app], {
    cwd: project.folder,
    env: { ...kept, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Omit<Ended, "stopMillis">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stderr }));
  });
  const stop = async () => {
    const askedAt = performance.now();
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeout);
    const end = await ended;
    clearTimeout(timer);
    return { ...end, stopMillis: performance.now() - askedAt };
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${options.app} does not listen after ${startTimeout} ms: ${stderr}`));
    }, startTimeout);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const port = /listening on (\d+)/.exec(stdout)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      const startMillis = performance.now() - startedAt;
      resolve({ url: `http://127.0.0.1:${port}`, startMillis, stop });
    });
    ended.then(({ code }) => {
      clearTimeout(timer);
      reject(new Error(`${options.app} ended with ${code}: ${stderr}`));
    }, reject);
  });
}
