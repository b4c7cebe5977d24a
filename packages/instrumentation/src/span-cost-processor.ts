import type { Context } from "@opentelemetry/api";
import { createCallHandlers } from "./call-handlers.ts";
import { CostCore } from "./cost-core.ts";
import { isDisabled } from "./environment.ts";
import { watchRequests } from "./http-attempts.ts";
import type { SpancostOptions } from "./options.ts";
import { quietly, report } from "./quietly.ts";
import type { SdkReadableSpan, SdkSpan } from "./sdk-span.ts";
import { shared } from "./shared.ts";

/**
 * An OpenTelemetry span processor, for SDK 2.x and 3.x, that puts on each call of a model what it cost, and on
 * every span about models who it belongs to. It exports nothing, and never throws.
 *
 * Put it before the processors that export. `new NodeSDK(withSpancost(config))` does, and keeps the exporter
 * that the environment configures, which NodeSDK drops where it is given a list of processors.
 */
export class SpanCostProcessor {
  readonly #core: CostCore | undefined;
  /** SDKs before 2.3 have no `onEnding`. */
  #sawEnding = false;
  #open = false;

  constructor(options: SpancostOptions = {}) {
    if (isDisabled()) return;
    try {
      const handlers = createCallHandlers(options);
      this.#core = new CostCore(handlers);
      watchRequests();
      shared.processors += 1;
      shared.hadProcessor = true;
      this.#open = true;
    } catch (problem) {
      report("starting", problem);
    }
  }

  onStart(span: SdkSpan, parentContext: Context): void {
    const core = this.#core;
    if (core === undefined) return;
    try {
      core.started(span, parentContext);
    } catch (problem) {
      report("reading a span's start", problem);
    }
  }

  /** The span is over and can still be written to. Since SDK 2.3. */
  onEnding(span: SdkSpan): void {
    this.#sawEnding = true;
    const core = this.#core;
    if (core === undefined) return;
    try {
      core.ended(span, (key, value) => span.setAttribute(key, value));
    } catch (problem) {
      report("pricing a span", problem);
    }
  }

  /**
   * For SDKs that do not call `onEnding`: a span that has ended takes no attributes any more, so they are put
   * into its own object of them, which is what exporters read.
   */
  onEnd(span: SdkReadableSpan): void {
    const core = this.#core;
    if (core === undefined || this.#sawEnding) return;
    try {
      const { attributes } = span;
      core.ended(span, (key, value) => {
        attributes[key] = value;
      });
    } catch (problem) {
      report("pricing a span", problem);
    }
  }

  /** There is nothing to flush: everything is on the spans. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    quietly("stopping", () => {
      if (this.#open) shared.processors -= 1;
      this.#open = false;
    });
    return Promise.resolve();
  }
}
