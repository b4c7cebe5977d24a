export type { AgentRun } from "./agent-run.ts";
export { withAgentRun } from "./agent-run.ts";
export { assertBudget } from "./assert-budget.ts";
export type { Attribution } from "./attribution.ts";
export {
  withAttribution,
  withConversation,
  withFeature,
  withTeam,
  withUser,
} from "./attribution.ts";
export { SpancostLimitError } from "./limit-error.ts";
export type {
  Breach,
  Budget,
  BudgetEvent,
  GuardrailName,
  Guardrails,
  SpancostOptions,
} from "./options.ts";
export { AttributionPropagator } from "./propagator.ts";
export type { SamplerLike, SamplingResultLike } from "./record-model-spans.ts";
export { recordModelSpans } from "./record-model-spans.ts";
export { SpanCostProcessor } from "./span-cost-processor.ts";
export { usageFetch } from "./usage-fetch.ts";
export type { RetryOptions } from "./with-retries.ts";
export { withRetries } from "./with-retries.ts";
export { withSpancost } from "./with-spancost.ts";
