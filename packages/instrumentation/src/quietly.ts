import { diag } from "@opentelemetry/api";
import { shared } from "./shared.ts";

/** One report a minute: who has a problem has it on every span. */
const quietMillis = 60_000;

/**
 * Tells the service's OpenTelemetry diagnostics about a problem of ours, at most once a minute in the process.
 *
 * @param doing what was being done, in words that hold no data of the service
 */
export function report(doing: string, problem: unknown): void {
  try {
    const now = performance.now();
    if (now - shared.reportedAt < quietMillis) return;
    shared.reportedAt = now;
    diag.warn(`spancost: ${doing} failed, the service is not affected: ${nameOf(problem)}`);
  } catch {
    // A logger that throws is no reason to disturb the service either.
  }
}

/** Of an error its name and the start of its message; a message may quote data, so not much of it. */
function nameOf(problem: unknown): string {
  if (!(problem instanceof Error)) return typeof problem;
  return `${problem.name}: ${String(problem.message).slice(0, 120)}`;
}

/** Runs what must never disturb the service. */
export function quietly(doing: string, action: () => void): void {
  try {
    action();
  } catch (problem) {
    report(doing, problem);
  }
}
