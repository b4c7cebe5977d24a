import { type Tracer, trace } from "@opentelemetry/api";
import { version } from "./version.ts";

/** Scope of what this package makes itself. */
export const scopeName = "@spancost/instrumentation";

export function ownTracer(): Tracer {
  return trace.getTracer(scopeName, version);
}
