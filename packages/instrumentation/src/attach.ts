import { currentProvider } from "./running-sdk.ts";
import { SpanCostProcessor } from "./span-cost-processor.ts";

/** Where the SDKs 2.x and 3.x keep their processors. No public way leads there, so it is looked at before it is used. */
interface Processors {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: unknown };
}

/** Adds spancost to an SDK that runs already, before its exporters; a second SDK is never started. */
export function attachToRunningSdk(): void {
  const processors = (currentProvider() as Processors)._activeSpanProcessor?._spanProcessors;
  if (Array.isArray(processors)) {
    processors.unshift(new SpanCostProcessor());
    return;
  }
  process.stderr.write(
    "spancost: an OpenTelemetry SDK is running already: add `new SpanCostProcessor()` to its span processors, " +
      "or give its configuration to `withSpancost`\n",
  );
}
