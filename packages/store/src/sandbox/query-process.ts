import { type ChildProcess, spawn } from "node:child_process";
import { childEntry, childEnvironment } from "../child-entry.ts";
import type { Rows } from "../rows.ts";
import type { SqlValue } from "../sql-value.ts";
import { SqlLimitError, tookTooLong, tooLarge } from "./errors.ts";
import type { SandboxLimits } from "./limits.ts";
import { type Message, type Question, toError } from "./protocol.ts";

/** Milliseconds that a process has to start. It takes 150 on a machine with nothing else to do. */
const startMillis = 15_000;

/** Milliseconds beyond the time limit after which a question that does not heed it is killed. */
const graceMillis = 1_000;

/**
 * A process that runs people's SQL: one question at a time, and the process of a question that goes too far is
 * killed, for most that DuckDB does cannot be broken off.
 */
export class QueryProcess {
  readonly #child: ChildProcess;
  readonly #limits: SandboxLimits;
  readonly #ready: Promise<void>;
  #onMessage: (message: Message) => void = () => {};
  #onEnd: (reason: string) => void = () => {};
  #ended = false;

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
    // JavaScript in it holds one chunk of rows at a time.
    const flags = ["--max-old-space-size=128", childEntry("child", import.meta.url)];
    this.#child = spawn(process.execPath, [...flags, String(limits.processMegabytes)], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
      env: childEnvironment(),
    });
    this.#child.on("message", (message) => this.#onMessage(message as Message));
    this.#child.on("error", (error) => this.#end(error.message));
    this.#child.once("exit", (code, signal) => this.#end(signal ?? `exit code ${code}`));
    this.#ready = this.#started();
    // Whoever asks is told; nobody may ask.
    this.#ready.catch(() => undefined);
    // A command that is done does not wait for a process that is idle.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves once it has started: only from then on a question takes of its own time. */
  ready(signal: AbortSignal): Promise<void> {
    return this.#unlessAborted(signal, () => this.#ready);
  }

  /**
   * What the SQL gives, or nothing where it is only looked at. One at a time, of a process that is ready.
   *
   * @throws NotAQueryError, RefusedSqlError, SqlError, SqlLimitError; after the last the process may have ended
   */
  ask(question: Omit<Question, "limits">, signal: AbortSignal): Promise<Rows> {
    return this.#unlessAborted(signal, () => this.#answer(question));
  }

  /** What `wait` gives. As soon as nobody waits for it any more, the process is ended. */
  async #unlessAborted<Value>(signal: AbortSignal, wait: () => Promise<Value>): Promise<Value> {
    const stop = () => this.kill();
    signal.addEventListener("abort", stop);
    this.#child.ref();
    this.#child.channel?.ref();
    try {
      signal.throwIfAborted();
      return await wait();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      this.#child.unref();
      this.#child.channel?.unref();
      signal.removeEventListener("abort", stop);
    }
  }

  kill(): void {
    this.#child.kill("SIGKILL");
    this.#end("it was ended");
  }

  async #started(): Promise<void> {
    const late = setTimeout(() => this.kill(), startMillis);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onMessage = () => resolve();
        this.#onEnd = (how) => reject(new Error(`the process for SQL did not start: ${how}`));
      });
    } finally {
      clearTimeout(late);
    }
  }

  #answer(question: Omit<Question, "limits">): Promise<Rows> {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      this.kill();
    }, question.millis + graceMillis);
    return new Promise<Rows>((resolve, reject) => {
      let columns: Rows["columns"] = [];
      const rows: Record<string, SqlValue>[] = [];
      this.#onEnd = (how) =>
        reject(isLate ? tookTooLong(this.#limits.timeoutMillis) : endedBy(how));
      this.#onMessage = (message) => {
        if (message.kind === "columns") columns = message.columns;
        if (message.kind === "rows") for (const row of message.rows) rows.push(named(columns, row));
        if (message.kind === "done") resolve({ columns, rows });
        if (message.kind === "failed") reject(toError(message.failure));
        if (message.kind === "out of memory") reject(tooLarge());
      };
      if (this.#ended) return this.#onEnd("exit before the question");
      const whole: Question = { ...question, limits: this.#limits };
      this.#child.send(whole, (error) => {
        if (error !== null) this.kill();
      });
    }).finally(() => {
      clearTimeout(late);
      this.#onMessage = () => {};
      this.#onEnd = () => {};
    });
  }

  #end(how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(how);
  }
}

/** How a process ends that cannot get the memory it wants, or is ended for what it has. */
const endsByMemory = ["SIGKILL", "SIGABRT", "SIGTRAP", "exit code 134"];

function endedBy(how: string): SqlLimitError {
  return endsByMemory.includes(how)
    ? tooLarge()
    : new SqlLimitError(`The process that ran the question ended by it (${how})`);
}

function named(columns: Rows["columns"], row: readonly SqlValue[]): Record<string, SqlValue> {
  return Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]));
}
