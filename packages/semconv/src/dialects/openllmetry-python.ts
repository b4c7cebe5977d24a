import { type Dialect, inclusive } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * OpenLLMetry for Python (`opentelemetry.instrumentation.{openai,langchain,…}`), but for the packages that have a
 * file of their own: input includes caches. OpenAI's cache writes are not sent, and reasoning is not for streams.
 * Source: traceloop/openllmetry, packages/opentelemetry-instrumentation-openai.
 */
export const openllmetryPython: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python",
  meaning: () => inclusive,
};
