import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { failureOf } from "../failures.ts";
import { NotAQueryError, SqlError, type Variables } from "../query.ts";
import type { Rows } from "../rows.ts";
import type { Behind } from "../settled-within.ts";
import { Copies, type CopySource } from "./copies.ts";
import { RefusedSqlError, SandboxClosedError } from "./errors.ts";
import { type SandboxLimits, sandboxLimits } from "./limits.ts";
import { QueryProcess } from "./query-process.ts";
import { Turns } from "./turns.ts";

/** Rows, and when everything in them had been stored: milliseconds since 1970. */
export interface SandboxAnswer extends Rows {
  readonly asOf: number;
  /** What had been stored then and is not in them; left out: nothing. */
  readonly behind?: Behind;
}

/** What questions are asked of: a store. */
export interface SandboxSource extends CopySource {
  /** Makes the database anew that `error` says is damaged: what was acknowledged is in its journal. */
  mend(error: unknown): Promise<void>;
}

/** Tries of a question whose copy cannot be read. */
const mostTries = 3;

/** After which a process is as good as new. After any other error it is ended. */
function isHarmless(error: unknown): boolean {
  // The engine calls these a bug of its own, and may answer nothing any more.
  if (error instanceof SqlError) return !/^(FATAL|INTERNAL) Error/.test(error.message);
  return error instanceof NotAQueryError || error instanceof RefusedSqlError;
}

/**
 * Runs people's SQL in processes of their own, on copies of the database.
 *
 * Whatever the SQL does, it reads nothing but the copy, writes nothing, and takes no more time and memory than
 * `SandboxLimits` says; what the owner of the database does goes on meanwhile.
 */
export class SqlSandbox {
  readonly #limits: SandboxLimits;
  readonly #source: SandboxSource;
  readonly #copies: Copies;
  /** For a database that has no file to put copies beside. */
  readonly #ownFolder: string | undefined;
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  #idle: QueryProcess | undefined;
  #asked = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(source: SandboxSource, limits: Partial<SandboxLimits> = {}) {
    this.#limits = { ...sandboxLimits, ...limits };
    this.#source = source;
    this.#turns = new Turns(this.#limits);
    const inMemory = source.file === ":memory:";
    this.#ownFolder = inMemory ? mkdtempSync(join(tmpdir(), "spancost-asked-")) : undefined;
    const folder = this.#ownFolder ?? `${resolve(source.file)}.scratch`;
    this.#copies = new Copies(source, folder, this.#limits.smallCopyBytes);
  }

  /**
   * What one SELECT gives. Ends with the signal's reason as soon as that is aborted.
   *
   * @throws NotAQueryError, RefusedSqlError, SqlError, SqlLimitError, SandboxBusyError, SandboxClosedError
   */
  async ask(sql: string, variables: Variables = {}, signal?: AbortSignal): Promise<SandboxAnswer> {
    const stop = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    this.#asked += 1;
    clearTimeout(this.#idleTimer);
    try {
      const pass = await this.#turns.take(stop);
      try {
        return await this.#answerFromWhole(sql, variables, stop);
      } finally {
        pass();
      }
    } finally {
      this.#asked -= 1;
      if (this.#asked === 0) this.#beIdle();
    }
  }

  /** From now on, answers show what is stored now. Otherwise they may be some seconds old. */
  renew(): void {
    this.#copies.renew();
  }

  /** Breaks off what is being asked, and removes the copies. */
  async close(): Promise<void> {
    this.#closing.abort(new SandboxClosedError());
    clearTimeout(this.#idleTimer);
    this.#idle?.kill();
    await this.#copies.close();
    if (this.#ownFolder !== undefined) rmSync(this.#ownFolder, { recursive: true, force: true });
  }

  /** A copy that cannot be read is made again; where that cannot be read either, it is the database that is damaged. */
  async #answerFromWhole(
    sql: string,
    variables: Variables,
    signal: AbortSignal,
  ): Promise<SandboxAnswer> {
    for (let nth = 1; ; nth += 1) {
      try {
        // Starting a process takes as long as a small copy.
        return await this.#answer(this.#process(), sql, variables, signal);
      } catch (error) {
        if (failureOf(error) !== "file" || nth >= mostTries) throw error;
        if (nth > 1) await this.#source.mend(error);
        this.#copies.renew();
      }
    }
  }

  async #answer(
    process: QueryProcess,
    sql: string,
    variables: Variables,
    signal: AbortSignal,
  ): Promise<SandboxAnswer> {
    let reusable = false;
    try {
      const { timeoutMillis } = this.#limits;
      await process.ready(signal);
      const begun = performance.now();
      // What is refused needs no copy.
      await process.ask({ sql, variables: {}, millis: timeoutMillis }, signal);
      const millis = Math.max(0, timeoutMillis - (performance.now() - begun));
      const lease = await this.#copies.current(signal);
      try {
        const rows = await process.ask({ file: lease.file, sql, variables, millis }, signal);
        reusable = true;
        const { asOf, behind } = lease;
        return { ...rows, asOf, ...(behind !== undefined && { behind }) };
      } finally {
        lease.release();
      }
    } catch (error) {
      reusable = isHarmless(error);
      throw error;
    } finally {
      if (reusable && this.#idle === undefined && !this.#closing.signal.aborted) {
        this.#idle = process;
      } else {
        process.kill();
      }
    }
  }

  /** The one that is kept, or a new one. */
  #process(): QueryProcess {
    const kept = this.#idle;
    this.#idle = undefined;
    return kept === undefined || kept.ended ? new QueryProcess(this.#limits) : kept;
  }

  #beIdle(): void {
    if (this.#closing.signal.aborted) return;
    this.#idleTimer = setTimeout(() => {
      this.#idle?.kill();
      this.#idle = undefined;
      this.#copies.drop();
    }, this.#limits.idleMillis).unref();
  }
}
