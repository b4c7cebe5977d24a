import { context } from "@opentelemetry/api";
import { isDisabled } from "./environment.ts";
import { shared } from "./shared.ts";
import { travelIn } from "./travel.ts";

/**
 * Does nothing while there is budget left: for the places where a service would rather stop than spend.
 *
 * @throws SpancostLimitError where a budget with `enforce` is spent, for everything or for the present feature
 */
export function assertBudget(): void {
  if (isDisabled()) return;
  shared.limits?.assertBudget(travelIn(context.active())?.feature);
}
