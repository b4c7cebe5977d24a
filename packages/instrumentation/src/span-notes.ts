import { type Context, trace } from "@opentelemetry/api";
import { dialectOf, readSpan } from "@spancost/semconv";
import type { RecoveredUsage } from "./recovered-usage.ts";
import type { SdkSpan } from "./sdk-span.ts";
import { SdkSpanView } from "./sdk-span-view.ts";
import { shared } from "./shared.ts";

/** What is seen of a call to a model until its span ends. */
export interface CallNote {
  /** HTTP requests to a model. */
  attempts: number;
  /** What its answer said of usage, as seen by `usageFetch`. */
  recovered: RecoveredUsage | undefined;
}

/** What was seen of the call that `span` is, if anything was. */
export function noteOf(span: object): CallNote | undefined {
  return shared.notes.get(span);
}

/** Makes `span` a part of the call that goes on in the context that it starts in, if one does. */
export function joinCall(span: object, context: Context): void {
  const call = callIn(context);
  if (call !== undefined) shared.notes.set(span, call);
}

/** The call to a model that is going on in `context`, if there is one. */
export function callIn(context: Context): CallNote | undefined {
  const span = trace.getSpan(context);
  return span === undefined ? undefined : callOf(span);
}

/**
 * The call to a model that `span` is, or is a part of. Its note is made when it is first asked for, and held weakly: a
 * span that never ends leaves nothing behind.
 */
export function callOf(span: object): CallNote | undefined {
  const known = shared.notes.get(span);
  if (known !== undefined || !mayBeCall(span as Partial<SdkSpan>)) return known;
  const note = { attempts: 0, recovered: undefined };
  shared.notes.set(span, note);
  return note;
}

/** What a span is may show only at its end: until it says that it is an agent, a tool or a run, it may be a call. */
function mayBeCall(span: Partial<SdkSpan>): boolean {
  // Spans that are not recorded have neither.
  if (span.attributes === undefined || span.instrumentationScope === undefined) return false;
  const view = new SdkSpanView(span as SdkSpan);
  if (dialectOf(view) === undefined) return false;
  const { node } = readSpan(view);
  return node === "call" || node === "other";
}
