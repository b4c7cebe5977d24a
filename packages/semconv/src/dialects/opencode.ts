import type { Dialect } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { vercelAi } from "./vercel-ai.ts";

/** It asks for one step at a time and tries again by itself: the loop around is the run, not what the AI SDK sees. */
function node(span: SpanView): SpanNode {
  if (span.name === "SessionPrompt.loop") return "run";
  const kind = vercelAi.node(span);
  return kind === "run" ? "other" : kind;
}

/**
 * opencode (scope `opencode`), with `experimental.openTelemetry`: the AI SDK's spans among its own.
 * Source: sst/opencode, packages/opencode/src/session/llm.ts and prompt.ts, 1.18.33.
 */
export const opencode: Dialect = { ...vercelAi, id: "opencode", node };
