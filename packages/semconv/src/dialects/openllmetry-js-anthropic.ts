import { type Dialect, inclusive } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * `@traceloop/instrumentation-anthropic` up to 0.27: input leaves cache reads and writes out, and so does the total,
 * which is the sum of the two counts it sends. Source: the published packages 0.25.0 to 0.27.0, `_endSpan`.
 */
export const openllmetryJsAnthropicBefore028: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-anthropic",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
};

/**
 * What its repository holds since: input and total include caches.
 * Source: traceloop/openllmetry-js#1027 and #1028, of 2026-06, which no package up to 0.27.0 contains.
 */
export const openllmetryJsAnthropic: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-anthropic-inclusive",
};
