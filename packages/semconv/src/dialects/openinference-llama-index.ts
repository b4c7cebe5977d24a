import type { Dialect } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { openinference } from "./openinference.ts";

/** Methods of a model that only put a request together, and are marked as LLM like those that send it. */
const preparing = /\._prepare_\w+$/;

/** `FunctionAgent.run`, `ReActAgent.run`, `AgentWorkflow.run`: marked as CHAIN like each of their steps. */
const running = /^\w*(Agent|AgentWorkflow)\.run$/;

function node(span: SpanView): SpanNode {
  if (preparing.test(span.name)) return "other";
  return running.test(span.name) ? "run" : openinference.node(span);
}

/**
 * `openinference.instrumentation.llama_index`: a span for every method of LlamaIndex's classes that its dispatcher
 * decorates, so that each round of an agent has one more LLM span, which asks nothing. The span of a stream ends when
 * its generator is handed out, before the request is made: settling knows those by their names. Usage of the Responses
 * API comes without its parts, that of embeddings not at all.
 * Source: Arize-ai/openinference, openinference-instrumentation-llama-index, _handler.py; run-llama/llama_index,
 * `DispatcherSpanMixin`.
 */
export const openinferenceLlamaIndex: Dialect = {
  ...openinference,
  id: "openinference-llama-index",
  node,
};
