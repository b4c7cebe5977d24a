import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { usdFromText } from "@spancost/pricing";
import type { SpanFacts } from "@spancost/records";
import { spanIdFromHex, traceIdFromHex, type UnixMicros } from "@spancost/records";
import { tokenCount } from "@spancost/semconv";
import {
  NotAQueryError,
  RefusedSqlError,
  SqlError,
  SqlLimitError,
  type SqlSandbox,
} from "@spancost/store";
import { emptyFacts } from "../settling/empty-facts.ts";

/** How a question may end. */
export type End = "answered" | "refused" | "limited" | "failed";

/** How the SQL ends, and what is told of it. Any other error is thrown on. */
export async function endOf(
  sandbox: SqlSandbox,
  sql: string,
): Promise<{ readonly end: End; readonly message: string }> {
  try {
    await sandbox.ask(sql);
    return { end: "answered", message: "" };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NotAQueryError || error instanceof RefusedSqlError) {
      return { end: "refused", message };
    }
    if (error instanceof SqlLimitError) return { end: "limited", message };
    if (error instanceof SqlError) return { end: "failed", message };
    throw error;
  }
}

const noon = Date.UTC(2026, 10, 10, 12);

/** A priced call in a trace of its own; `series` keeps those of one writer apart from others'. */
export function callOf(series: number, nth: number): SpanFacts {
  const hex = `${series.toString(16)}${nth.toString(16).padStart(10, "0")}`;
  const traceId = traceIdFromHex(hex.padStart(32, "0"));
  const spanId = spanIdFromHex(hex.padStart(16, "0"));
  if (traceId === undefined || spanId === undefined) throw new Error(`${hex} makes no id`);
  return {
    ...emptyFacts,
    traceId,
    spanId,
    parentSpanId: undefined,
    startedAt: ((noon + nth * 10) * 1000) as UnixMicros,
    endedAt: ((noon + nth * 10 + 500) * 1000) as UnixMicros,
    node: "call",
    service: `series ${series}`,
    feature: `feature ${nth % 7}`,
    requestModel: "m",
    usageQuality: "measured",
    inputTokens: tokenCount(10 + (nth % 90)),
    outputTokens: tokenCount(5),
    costUsd: usdFromText("0.001"),
    inputCostUsd: usdFromText("0.001"),
  };
}

/** Every file under `folder` with its size and time: what is changed there changes this. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, String(name)));
      return `${name} ${size} ${mtimeMs}`;
    })
    .sort();
}

/** Most resident memory, in bytes, that any process for SQL which this one started has had while it is watched. */
export class MemoryWatch {
  peak = 0;
  readonly #timer = setInterval(() => this.#look(), 25);

  stop(): number {
    clearInterval(this.#timer);
    return this.peak;
  }

  #look(): void {
    for (const pid of childrenForSql()) {
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(ofProcess(pid, "status")) ?? [];
      this.peak = Math.max(this.peak, Number(kilobytes ?? 0) * 1024);
    }
  }
}

/** The processes for SQL that `parent` has started and that have not ended. Linux only; elsewhere it throws. */
export function childrenForSql(parent = process.pid): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        ofProcess(pid, "status").includes(`PPid:\t${parent}\n`) &&
        ofProcess(pid, "cmdline").includes("sandbox/child"),
    );
}

/** What the system says of a process, or "" once it has ended. */
function ofProcess(pid: number, file: "status" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** Appends now and then until it is stopped, and remembers how long each took. */
export class Appender {
  readonly #append: (facts: readonly SpanFacts[]) => Promise<void>;
  readonly #millis: number[] = [];
  #count = 0;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(append: (facts: readonly SpanFacts[]) => Promise<void>) {
    this.#append = append;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const facts = Array.from({ length: 20 }, (_, n) => callOf(2, this.#count + n));
      const started = performance.now();
      await this.#append(facts);
      this.#millis.push(performance.now() - started);
      this.#count += facts.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** @returns how many spans were appended, and the given quantiles of the milliseconds that one append took */
  async stop(...quantiles: readonly number[]): Promise<{ count: number; millis: number[] }> {
    this.#stopped = true;
    await this.#running;
    const sorted = this.#millis.sort((a, b) => a - b);
    const millis = quantiles.map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
    return { count: this.#count, millis };
  }
}
