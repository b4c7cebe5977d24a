import { diag, type TextMapPropagator } from "@opentelemetry/api";
import { envList } from "./environment.ts";
import { classNamed, type ModulePlace } from "./sdk-modules.ts";

/**
 * The propagator that NodeSDK makes from `OTEL_PROPAGATORS` when it is given none; `undefined` where the variable asks
 * for none at all.
 *
 * @param sdk as seen from the package of NodeSDK, which brings the propagators
 */
export function propagatorFromEnv(sdk: ModulePlace): TextMapPropagator | undefined {
  const named = envList("OTEL_PROPAGATORS");
  if (named.includes("none")) return undefined;
  const names = named.length === 0 ? ["tracecontext", "baggage"] : named;
  const propagators = names.flatMap((name) => {
    const propagator = propagatorNamed(name, sdk);
    if (propagator === undefined) {
      diag.warn(`spancost: unknown propagator "${name}" in OTEL_PROPAGATORS`);
    }
    return propagator ?? [];
  });
  if (propagators.length < 2) return propagators[0];
  const Composite = classNamed(sdk.load("@opentelemetry/core"), "CompositePropagator");
  return new Composite({ propagators }) as TextMapPropagator;
}

function propagatorNamed(name: string, sdk: ModulePlace): TextMapPropagator | undefined {
  const make = (module: string, className: string, ...args: readonly unknown[]) =>
    new (classNamed(sdk.load(module), className))(...args) as TextMapPropagator;
  switch (name) {
    case "tracecontext":
      return make("@opentelemetry/core", "W3CTraceContextPropagator");
    case "baggage":
      return make("@opentelemetry/core", "W3CBaggagePropagator");
    case "b3":
      return make("@opentelemetry/propagator-b3", "B3Propagator");
    case "b3multi":
      // `B3InjectEncoding.MULTI_HEADER`
      return make("@opentelemetry/propagator-b3", "B3Propagator", { injectEncoding: 1 });
    case "jaeger":
      return sdk.find("@opentelemetry/propagator-jaeger") === undefined
        ? undefined
        : make("@opentelemetry/propagator-jaeger", "JaegerPropagator");
    default:
      return undefined;
  }
}
