import type { Span } from "@opentelemetry/api";
import { type PicoUsd, usdFromNumber, usdNumber } from "@spancost/pricing";
import { BudgetMeter } from "./budget-meter.ts";
import type { FinishedCall } from "./finished-call.ts";
import { SpancostLimitError } from "./limit-error.ts";
import type { Breach, BudgetEvent, GuardrailName, Guardrails, SpancostOptions } from "./options.ts";
import { quietly } from "./quietly.ts";
import { TraceSpend } from "./trace-spend.ts";

const breachedKey = "spancost.guardrail.breached";

/** Budgets and guardrails of one processor: what they hold is bounded by how many its owner gave. */
export class CallLimits {
  readonly #budgets: readonly BudgetMeter[];
  readonly #onBudget: ((event: BudgetEvent) => void) | undefined;
  readonly #guardrails: Guardrails;
  readonly #maxPerTrace: PicoUsd | undefined;
  readonly #perTrace = new TraceSpend();

  /** @throws RangeError for a budget that can be none */
  constructor({ budgets = [], onBudget, guardrails = {} }: SpancostOptions) {
    this.#budgets = budgets.map((budget) => new BudgetMeter(budget));
    this.#onBudget = onBudget;
    this.#guardrails = guardrails;
    const { maxUsdPerTrace } = guardrails;
    this.#maxPerTrace = maxUsdPerTrace === undefined ? undefined : usdFromNumber(maxUsdPerTrace);
  }

  /** Counts a finished call, and marks its span where it breaches a limit. */
  onCall(call: FinishedCall): void {
    const breaches = [
      this.#inputBreach(call),
      this.#traceBreach(call),
      ...this.#budgetBreaches(call),
    ].filter((breach) => breach !== undefined);
    if (breaches.length === 0) return;
    call.write(breachedKey, [...new Set(breaches.map(({ guardrail }) => guardrail))]);
    for (const breach of breaches) this.#tell(breach, call.span as Partial<Span>);
  }

  /** @throws SpancostLimitError where the step goes beyond what its owner enforces */
  beforeStep(iteration: number, run: Span): void {
    const { maxIterations, enforce } = this.#guardrails;
    if (maxIterations === undefined || iteration <= maxIterations) return;
    quietly("marking a run", () => {
      run.setAttribute(breachedKey, ["max_iterations"]);
      this.#tell(breach("max_iterations", maxIterations, iteration, run), run);
    });
    if (enforce !== true) return;
    const what = `step ${iteration} of a run that may have ${maxIterations}`;
    throw new SpancostLimitError("max_iterations", maxIterations, iteration, what);
  }

  /**
   * @param feature whose budgets count beside those for everything
   * @throws SpancostLimitError where a budget is spent that its owner enforces
   */
  assertBudget(feature: string | undefined): void {
    const now = Date.now();
    const spent = this.#budgets.find(
      (meter) => meter.budget.enforce === true && meter.concerns(feature) && meter.isSpent(now),
    );
    if (spent === undefined) return;
    const { usd, per, feature: of } = spent.budget;
    const whose = of === undefined ? "" : ` for feature "${of}"`;
    const when = per === "process" ? "this process" : `this ${per}`;
    const what = `the budget of $${usd}${whose} is spent: $${spent.spentUsd} in ${when}`;
    throw new SpancostLimitError("budget", usd, spent.spentUsd, what);
  }

  #inputBreach({ reading, span, feature }: FinishedCall): Breach | undefined {
    const max = this.#guardrails.maxInputTokens;
    const input = reading.usage?.input;
    if (max === undefined || input === undefined || input <= max) return undefined;
    return { ...breach("max_input_tokens", max, input, span), feature };
  }

  #traceBreach({ cost, span, feature }: FinishedCall): Breach | undefined {
    const max = this.#maxPerTrace;
    if (max === undefined || cost === undefined) return undefined;
    const spent = this.#perTrace.add(span.spanContext().traceId, cost);
    if (spent <= max) return undefined;
    return { ...breach("max_usd_per_trace", usdNumber(max), usdNumber(spent), span), feature };
  }

  #budgetBreaches({ cost, span, feature }: FinishedCall): readonly Breach[] {
    if (cost === undefined) return [];
    const now = Date.now();
    const breaches: Breach[] = [];
    for (const meter of this.#budgets) {
      if (!meter.concerns(feature)) continue;
      const event = meter.add(cost, now);
      if (event !== undefined) quietly("calling onBudget", () => this.#onBudget?.(event));
      if (event?.share === 1) {
        const { usd } = meter.budget;
        breaches.push({ ...breach("budget", usd, event.spentUsd, span), feature });
      }
    }
    return breaches;
  }

  #tell(told: Breach, span: Partial<Span>): void {
    const { guardrail, limit, value } = told;
    // An SDK without `onEnding` has ended the span, and would warn that it takes no events any more.
    if (span.isRecording?.() === true) {
      span.addEvent?.("spancost.guardrail.breach", {
        "spancost.guardrail.name": guardrail,
        "spancost.guardrail.limit": limit,
        "spancost.guardrail.value": value,
      });
    }
    quietly("calling onBreach", () => this.#guardrails.onBreach?.(told));
  }
}

function breach(
  guardrail: GuardrailName,
  limit: number,
  value: number,
  span: Pick<Span, "spanContext">,
): Breach {
  return { guardrail, limit, value, traceId: span.spanContext().traceId, feature: undefined };
}
