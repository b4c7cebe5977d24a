import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { notePath, type ReceiverNote } from "../../packages/cli/src/sources/receiver-note.ts";
import { commandFromSource, plainEnvironment, runCommand } from "../flow/command.ts";
import type { Target } from "./load/sending.ts";

/** What is set for one receiver. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds that it has to listen. */
  readonly withinMs?: number;
}

/** None outlives whoever started it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** How a receiver ended. */
export interface EndedReceiver {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal to the end. */
  readonly ms: number;
}

/** It ended before it listened, or did not listen in time. */
export class NotStartedError extends Error {
  override readonly name = "NotStartedError";
}

/** It answered to the end that it cannot now, or that not all that was acknowledged is worked out. */
export class BehindError extends Error {
  override readonly name = "BehindError";
}

/** It gave no answer in the time that it had. */
export class SlowError extends Error {
  override readonly name = "SlowError";
}

/** A row of an answer. */
export type AnswerRow = Readonly<Record<string, string | number | null>>;

/** `spancost serve` as a process of its own: started, asked and killed as anybody could. */
export class ReceiverProcess {
  readonly db: string;
  readonly ended: Promise<Omit<EndedReceiver, "ms">>;
  /** Milliseconds from its start until it listened; NaN until then. */
  readyMs = Number.NaN;
  #stderr = "";
  #note: ReceiverNote | undefined;
  #grpcPort: string | undefined;
  readonly #child: ChildProcess;

  private constructor(db: string, child: ChildProcess) {
    this.db = db;
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      // The beginning tells why it does not start, the end what it does now.
      this.#stderr = shortened(this.#stderr + text);
    });
    child.stdout?.resume();
    running.add(child);
    child.once("exit", () => running.delete(child));
  }

  /** Starts it and does not wait. */
  static async launch(db: string, { env = {} }: StartOptions = {}): Promise<ReceiverProcess> {
    await compiled();
    const ports = ["--http-port", "0", "--web-port", "0", "--grpc-port", "0"];
    const child = spawn(process.execPath, [...commandFromSource, "serve", "--db", db, ...ports], {
      env: { ...plainEnvironment, ...env } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new ReceiverProcess(db, child);
  }

  /** Resolves once it takes traces. @throws NotStartedError */
  static async start(db: string, options: StartOptions = {}): Promise<ReceiverProcess> {
    const receiver = await ReceiverProcess.launch(db, options);
    try {
      await receiver.ready(options.withinMs);
      return receiver;
    } catch (error) {
      await receiver.kill();
      throw error;
    }
  }

  async ready(withinMs = 60_000): Promise<void> {
    const begun = performance.now();
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    while (this.#note === undefined || this.#grpcPort === undefined) {
      if (over) throw new NotStartedError(`the receiver ended at its start:\n${this.#stderr}`);
      if (performance.now() - begun > withinMs) {
        throw new NotStartedError(`no receiver after ${withinMs / 1000} s:\n${this.#stderr}`);
      }
      await delay(15);
      this.#note = this.#readNote();
      this.#grpcPort = / grpc_port=(\d+)/.exec(this.#stderr)?.[1];
    }
    this.readyMs = Math.round(performance.now() - begun);
  }

  #readNote(): ReceiverNote | undefined {
    try {
      const note = JSON.parse(readFileSync(notePath(this.db), "utf8")) as ReceiverNote;
      // One that was killed leaves its note behind.
      return note.pid === this.#child.pid ? note : undefined;
    } catch {
      return undefined;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote to stderr, as far as it was kept. */
  get stderr(): string {
    return this.#stderr;
  }

  get target(): Target {
    return { http: this.#noted().otlp_url, grpc: `127.0.0.1:${this.#grpcPort}` };
  }

  get url(): string {
    return this.#noted().url;
  }

  #noted(): ReceiverNote {
    if (this.#note === undefined) throw new Error("the receiver does not listen yet");
    return this.#note;
  }

  isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGKILL; resolves once the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** SIGTERM; one that does not end by itself is killed in the end. */
  async stop(withinMs = 30_000): Promise<EndedReceiver> {
    const begun = performance.now();
    this.#child.kill("SIGTERM");
    const tooLong = setTimeout(() => this.#child.kill("SIGKILL"), withinMs);
    const ended = await this.ended;
    clearTimeout(tooLong);
    return { ...ended, ms: Math.round(performance.now() - begun) };
  }

  /**
   * Rows of a SELECT, by the API, with all that was acknowledged before.
   *
   * @throws Error with the answer's text; one that says 503, or that not all is worked out, is asked again until the
   * time is up
   */
  async ask(sql: string, withinMs = 300_000): Promise<readonly AnswerRow[]> {
    const until = performance.now() + withinMs;
    for (let before = ""; ; ) {
      const left = Math.max(1, Math.ceil(until - performance.now()));
      const { response, text } = await this.#ask(sql, left).catch((error: unknown) => {
        if (before === "") throw error;
        throw new BehindError(`${before}\n${this.#stderr.slice(-1_000)}`);
      });
      const isBehind = text.includes("are not in these figures yet");
      if (response.ok && !isBehind) return (JSON.parse(text) as { rows: AnswerRow[] }).rows;
      const isLater = isBehind || response.status === 503;
      if (!isLater || left < 200) {
        const told = `${response.status}: ${text.slice(-600)}\n${this.#stderr.slice(-1_000)}`;
        throw isLater ? new SlowError(told) : new Error(told);
      }
      before = `${response.status}: ${text.slice(-600)}`;
      await delay(100);
    }
  }

  async #ask(sql: string, withinMs: number): Promise<{ response: Response; text: string }> {
    try {
      const response = await fetch(`${this.url}/api/query?sql=${encodeURIComponent(sql)}`, {
        signal: AbortSignal.timeout(withinMs),
      });
      return { response, text: await response.text() };
    } catch (error) {
      const told = `no answer to a question within ${withinMs} ms: ${error}\n${this.#stderr.slice(-1_000)}`;
      throw (error as Error).name === "TimeoutError" ? new SlowError(told) : new Error(told);
    }
  }
}

/** Rows of a SELECT over a file that no receiver has open, by the command. */
export async function askFile(db: string, sql: string): Promise<readonly AnswerRow[]> {
  const args = ["query", "--db", db, "--format", "json", "--sql", sql];
  const { code, stdout, stderr } = await runCommand(".", args);
  if (code !== 0) throw new Error(`spancost query ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { rows: AnswerRow[] }).rows;
}

let compiling: Promise<unknown> | undefined;

/** Only a process that ends by itself leaves compiled sources behind, and most here do not. */
function compiled(): Promise<unknown> {
  compiling ??= runCommand(".", ["serve", "--help"]);
  return compiling;
}

function shortened(text: string): string {
  return text.length <= 64_000 ? text : `${text.slice(0, 16_000)}\n…\n${text.slice(-32_000)}`;
}
