import { type Dialect, inclusive } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * OpenLLMetry for Python (`opentelemetry.instrumentation.{openai,anthropic,…}`): input includes caches for
 * every provider. Source: traceloop/openllmetry, opentelemetry/instrumentation/anthropic/__init__.py.
 */
export const openllmetryPython: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python",
  meaning: () => inclusive,
};
