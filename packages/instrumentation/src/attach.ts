import { runningProcessors } from "./running-sdk.ts";
import { SpanCostProcessor } from "./span-cost-processor.ts";

/** Adds spancost to an SDK that runs already, before its exporters; a second SDK is never started. */
export function attachToRunningSdk(): void {
  const processors = runningProcessors();
  if (processors !== undefined) {
    processors.unshift(new SpanCostProcessor());
    return;
  }
  process.stderr.write(
    "spancost: an OpenTelemetry SDK is running already: add `new SpanCostProcessor()` to its span processors, " +
      "or give its configuration to `withSpancost`\n",
  );
}
