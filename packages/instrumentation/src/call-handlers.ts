import { CallLimits } from "./call-limits.ts";
import { callLine } from "./call-log.ts";
import { CallMetrics } from "./call-metrics.ts";
import type { CallHandler } from "./cost-core.ts";
import { envFlag } from "./environment.ts";
import type { SpancostOptions } from "./options.ts";
import { shared } from "./shared.ts";

/** What `options` and the environment want done with each call, beside writing its cost. Nothing by default. */
export function createCallHandlers(options: SpancostOptions): readonly CallHandler[] {
  const handlers: CallHandler[] = [];
  const limits = limitsOf(options);
  shared.limits = limits;
  if (limits !== undefined) handlers.push((call) => limits.onCall(call));
  if (countsCalls(options)) {
    const counters = new CallMetrics();
    handlers.push((call) => counters.count(call));
  }
  const log = options.log ?? envFlag("SPANCOST_LOG");
  if (log !== false) {
    const print = log === true ? (line: string) => process.stderr.write(`${line}\n`) : log;
    handlers.push((call) => print(callLine(call)));
  }
  return handlers;
}

export function countsCalls(options: SpancostOptions): boolean {
  return options.metrics ?? envFlag("SPANCOST_METRICS");
}

export function hasLimits({ budgets, guardrails }: SpancostOptions): boolean {
  return (budgets !== undefined && budgets.length > 0) || guardrails !== undefined;
}

/** A budget that can be none must not keep the rest from working; its owner is told. */
function limitsOf(options: SpancostOptions): CallLimits | undefined {
  if (!hasLimits(options)) return undefined;
  try {
    return new CallLimits(options);
  } catch (problem) {
    process.emitWarning(
      problem instanceof Error ? problem.message : "no limits",
      "SpancostWarning",
    );
    return undefined;
  }
}
