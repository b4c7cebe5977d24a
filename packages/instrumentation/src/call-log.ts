import { shortUsd } from "@spancost/pricing";
import { type FinishedCall, hasFailed } from "./finished-call.ts";
import { harmless } from "./harmless.ts";

/**
 * One line of a finished call: "spancost  gpt-5-mini  1,204 in (900 cached)  88 out  $0.00041  feature=search".
 * Unknown counts are "?", an unknown cost says why.
 */
export function callLine(call: FinishedCall): string {
  const { reading, feature } = call;
  const { usage } = reading;
  const cached = usage?.cacheRead === undefined ? "" : ` (${tokens(usage.cacheRead)} cached)`;
  const parts = [
    "spancost",
    harmless(reading.responseModel ?? reading.requestModel) ?? "unknown model",
    `${tokens(usage?.input)} in${cached}`,
    `${tokens(usage?.output)} out`,
    costText(call),
  ];
  const named = harmless(feature);
  if (named !== undefined) parts.push(`feature=${named}`);
  return parts.join("  ");
}

function costText(call: FinishedCall): string {
  const { price } = call;
  if (price.kind === "priced") return shortUsd(price.cost.total);
  return hasFailed(call) ? "failed" : `no price: ${price.reason}`;
}

function tokens(count: number | undefined): string {
  return count === undefined ? "?" : count.toLocaleString("en-US");
}
