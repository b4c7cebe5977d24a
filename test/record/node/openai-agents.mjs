// The OpenAI Agents SDK with OpenInference's instrumentation.

import { OpenAIAgentsInstrumentation } from "@arizeai/openinference-instrumentation-openai-agents";
import * as agents from "@openai/agents";
import { z } from "zod";
import { model, modelServer, question, scenario, system } from "./questions.mjs";
import { request, startTracing } from "./service.mjs";

process.env.OPENAI_API_KEY = "sk-planned";
process.env.OPENAI_BASE_URL = `${modelServer}/v1`;
const provider = startTracing();
const instrumentation = new OpenAIAgentsInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(agents);

const weather = agents.tool({
  name: "get_weather",
  description: "Weather of a city",
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `clear in ${city}`,
});
const loop = scenario.includes("loop");
const agent = new agents.Agent({
  name: "weather_agent",
  instructions: system,
  model,
  tools: loop ? [weather] : [],
});
await request(() => agents.run(agent, question));
await provider.forceFlush();
await provider.shutdown();
process.exit(0);
