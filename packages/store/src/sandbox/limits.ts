import { cpus } from "node:os";

/** What one question in people's SQL may take. */
export interface SandboxLimits {
  /** Of a question, once its process has it. One that cannot be broken off is killed a second later. */
  readonly timeoutMillis: number;
  /** That the engine may use for tables it builds. It puts nothing on disk: then the question fails. */
  readonly engineMegabytes: number;
  /** Resident memory of the process. One that has more is killed. */
  readonly processMegabytes: number;
  readonly rows: number;
  /** Rows times columns. */
  readonly values: number;
  readonly columns: number;
  /** Of the answer, as JSON. It is held in the memory of the receiver until it is sent. */
  readonly resultBytes: number;
  /** Processes that run at once, each on threads of its own. */
  readonly atOnce: number;
  /** That may be waiting, and for how long, before they are told to come back. */
  readonly waiting: number;
  readonly waitMillis: number;
  /** After a question, that a process and a copy are kept for the next. */
  readonly idleMillis: number;
  readonly threads: number;
  /** Up to this size, a question is answered from a new copy whenever something has changed. */
  readonly smallCopyBytes: number;
}

/** Two questions take at most half of the cores, and 1.2 GB at the very worst. */
export const sandboxLimits: SandboxLimits = {
  timeoutMillis: 30_000,
  engineMegabytes: 320,
  processMegabytes: 560,
  rows: 100_000,
  values: 2_000_000,
  columns: 1_000,
  resultBytes: 16_000_000,
  atOnce: 2,
  waiting: 32,
  waitMillis: 3_000,
  idleMillis: 120_000,
  smallCopyBytes: 100_000_000,
  threads: Math.max(1, Math.min(4, Math.floor(cpus().length / 4))),
};
