import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { assertBudget } from "./assert-budget.ts";
import type { CallLimits } from "./call-limits.ts";
import { isDisabled } from "./environment.ts";
import { harmless } from "./harmless.ts";
import { quietly, report } from "./quietly.ts";
import { shared } from "./shared.ts";
import { ownTracer } from "./tracer.ts";
import { travelIn, travelling, travelWith } from "./travel.ts";

/** A run of an agent that is going on. */
export interface AgentRun {
  /** Steps that were begun. */
  readonly iteration: number;
  /**
   * Runs one step of the agent's loop; model calls inside carry its number, counted from 1.
   *
   * @throws SpancostLimitError where a guardrail or a budget with `enforce` is reached; the step is not begun
   */
  step<Result>(fn: () => Result): Result;
}

/**
 * Runs `fn` as one run of an agent: a span `invoke_agent NAME`, in which each `run.step` is a loop iteration. Runs may
 * be nested; the inner one counts its own steps.
 *
 * The result and errors of `fn` are its own; the span ends when it returns or its promise settles. If it returns a
 * generator, the run is over before the generator begins: iterate inside `fn` instead.
 */
export function withAgentRun<Result>(name: string, fn: (run: AgentRun) => Result): Result {
  if (isDisabled()) return fn(disabledRun());
  const begun = begin(name);
  if (begun === undefined) return fn(disabledRun());
  const { span, inside } = begun;
  let result: Result;
  try {
    result = context.with(inside, () => fn(new CountingRun(span, shared.limits)));
  } catch (error) {
    end(span, error, true);
    throw error;
  }
  return whenSettled(result, span);
}

function begin(name: string) {
  try {
    const active = context.active();
    const agent = harmless(name) ?? "agent";
    const span = ownTracer().startSpan(
      `invoke_agent ${agent}`,
      {
        kind: SpanKind.INTERNAL,
        attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent },
      },
      active,
    );
    const depth = (travelIn(active)?.depth ?? 0) + 1;
    // Steps and attempts around this run are not its calls'.
    const started = travelling(active, { depth, iteration: undefined, retry: undefined });
    return { span, inside: trace.setSpan(started, span) };
  } catch (problem) {
    report("starting an agent run", problem);
    return undefined;
  }
}

/** Ends `span` when `result` is there. A promise is returned as it is: clients give theirs methods of its own. */
function whenSettled<Result>(result: Result, span: Span): Result {
  const done = () => end(span, undefined, false);
  const failed = (error: unknown) => end(span, error, true);
  if (result instanceof Promise) {
    result.then(done, failed);
    return result;
  }
  if (isThenable(result)) {
    // Others may do their work anew at each `then`, so it is asked for once.
    return Promise.resolve(result).then(
      (value) => {
        done();
        return value;
      },
      (error) => {
        failed(error);
        throw error;
      },
    ) as Result;
  }
  done();
  return result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

function end(span: Span, error: unknown, isFailed: boolean): void {
  quietly("ending an agent run", () => {
    if (isFailed) {
      // The message of an error may hold content; its name says enough.
      span.setAttribute("error.type", error instanceof Error ? error.name : "error");
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
}

class CountingRun implements AgentRun {
  iteration = 0;
  readonly #span: Span;
  readonly #limits: CallLimits | undefined;

  constructor(span: Span, limits: CallLimits | undefined) {
    this.#span = span;
    this.#limits = limits;
  }

  step<Result>(fn: () => Result): Result {
    assertBudget();
    this.#limits?.beforeStep(this.iteration + 1, this.#span);
    this.iteration += 1;
    return travelWith({ iteration: this.iteration }, fn);
  }
}

/** Counts and does nothing else. */
function disabledRun(): AgentRun {
  return {
    iteration: 0,
    step(fn) {
      (this as { iteration: number }).iteration += 1;
      return fn();
    },
  };
}
