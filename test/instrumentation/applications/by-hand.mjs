import { trace } from "@opentelemetry/api";

const attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-5-mini",
  "gen_ai.usage.input_tokens": 1523,
  "gen_ai.usage.cache_read.input_tokens": 1024,
  "gen_ai.usage.output_tokens": 311,
};
trace.getTracer("by hand").startSpan("chat", { attributes }).end();
