import { type Dialect, inclusiveSparse } from "../dialect.ts";
import { openlit, streams } from "./openlit.ts";

/**
 * `@openlit/instrumentation-anthropic`: input leaves caches out. Of streams it adds the placeholder in
 * `message_start` (a few tokens) to the final count. Source: sdk/typescript/src/instrumentation/anthropic/wrapper.ts.
 */
export const openlitAnthropic: Dialect = {
  ...openlit,
  id: "openlit-anthropic",
  meaning: () => ({
    ...inclusiveSparse,
    inputIncludesCache: false,
    absent: { ...inclusiveSparse.absent, reasoning: "unknown" },
  }),
  doubts: (span) => (streams(span) ? { issue: "output_may_be_overstated" } : {}),
};
