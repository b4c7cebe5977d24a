import type { CallLimits } from "./call-limits.ts";
import type { CallNote } from "./span-notes.ts";

/** What this process has seen, for the self-check: numbers only. */
export interface Seen {
  spans: number;
  modelSpans: number;
  calls: number;
  priced: number;
  /** Calls whose cached part nobody told, though their tokens are. */
  cacheUnknown: number;
  /** Calls that were answered and have no price because nobody told their tokens. */
  usageUnknown: number;
  /** Calls that failed and told no tokens: nothing was billed, as far as anybody can tell. */
  failed: number;
  /** Requests to a model API that were sent outside of any call with a span. */
  bareRequests: number;
  /** Spans that an exporter of the environment's was given; those that are neither sent nor lost are on their way. */
  spansGiven: number;
  spansSent: number;
  spansLost: number;
}

/** What all copies of this package in one process share. */
export interface Shared {
  readonly notes: WeakMap<object, CallNote>;
  readonly seen: Seen;
  /** Processors that were made and not shut down. */
  processors: number;
  /** True once a processor was made, also after it was shut down. */
  hadProcessor: boolean;
  /** When the last problem was reported, by `performance.now()`. */
  reportedAt: number;
  /** True once HTTP requests are watched; there is nothing to undo, for the watchers hold nothing. */
  watchesRequests: boolean;
  /** True once `register` has wrapped the process's `fetch`. */
  wrapsFetch: boolean;
  /** Why spans were lost the last time. */
  exportProblem: string | undefined;
  /** Of the processor that was made last. */
  limits: CallLimits | undefined;
}

/**
 * An application can hold this package twice, as ESM and as CommonJS or in two versions, and each copy has
 * modules of its own. What they must agree on hangs on the global object; the number changes with its shape.
 */
const key = Symbol.for("spancost.instrumentation.1");

const holder = globalThis as { [key]?: Shared };

holder[key] ??= {
  notes: new WeakMap(),
  seen: {
    spans: 0,
    modelSpans: 0,
    calls: 0,
    priced: 0,
    cacheUnknown: 0,
    usageUnknown: 0,
    failed: 0,
    bareRequests: 0,
    spansGiven: 0,
    spansSent: 0,
    spansLost: 0,
  },
  processors: 0,
  hadProcessor: false,
  reportedAt: Number.NEGATIVE_INFINITY,
  watchesRequests: false,
  wrapsFetch: false,
  exportProblem: undefined,
  limits: undefined,
};

export const shared: Shared = holder[key];
