// Genkit's own spans, with its plugins of three providers: the usage stands in the JSON of the answer. Genkit brings
// OpenTelemetry of its own, in an older version.
import { anthropic } from "@genkit-ai/anthropic";
import { openAI } from "@genkit-ai/compat-oai/openai";
import { googleAI } from "@genkit-ai/google-genai";
import { SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { Resource } from "@opentelemetry/resources";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { genkit, z } from "genkit";
import { enableTelemetry } from "genkit/tracing";
import { model, modelServer, question, requestAttributes, scenario, system } from "./questions.mjs";

const spans = new BatchSpanProcessor(new OTLPTraceExporter(), {
  scheduledDelayMillis: 600_000,
  maxExportBatchSize: 512,
});
await enableTelemetry({
  resource: new Resource({
    "service.name": "support-api",
    "service.version": "1.42.0",
    "deployment.environment.name": "prod",
  }),
  spanProcessors: [spans],
  // Versions differ in which of the two the OpenAI package sends with.
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
});
// Its plugin for Claude takes no address but this one.
process.env.ANTHROPIC_BASE_URL = modelServer;
function modelOf(name) {
  if (name.startsWith("anthropic")) return anthropic.model("claude-sonnet-4-5");
  return name.startsWith("gemini") ? googleAI.model("gemini-2.5-flash") : openAI.model(model);
}
const ai = genkit({
  plugins: [
    openAI({ apiKey: "sk-planned", baseURL: `${modelServer}/v1` }),
    anthropic({ apiKey: "sk-planned" }),
    googleAI({ apiKey: "planned", baseUrl: modelServer }),
  ],
  model: modelOf(scenario),
});
const weather = ai.defineTool(
  {
    name: "get_weather",
    description: "Weather of a city",
    inputSchema: z.object({ city: z.string() }),
    outputSchema: z.string(),
  },
  async ({ city }) => `clear in ${city}`,
);
const answer = ai.defineFlow("answer", async () => {
  if (scenario === "embeddings") {
    await ai.embed({ embedder: openAI.embedder("text-embedding-3-small"), content: question });
    return "embedded";
  }
  const tools = scenario.includes("loop") ? [weather] : [];
  if (!scenario.endsWith("stream")) {
    return (await ai.generate({ system, prompt: question, tools })).text;
  }
  const { stream, response } = ai.generateStream({ system, prompt: question });
  let pieces = 0;
  for await (const _piece of stream) pieces += 1;
  return `${pieces} pieces: ${(await response).text}`;
});
await trace
  .getTracer("support-api")
  .startActiveSpan(
    "POST /answer",
    { kind: SpanKind.SERVER, attributes: requestAttributes },
    async (span) => {
      await answer().catch((error) => console.error(`${error}`));
      span.end();
    },
  );
await spans.forceFlush();
process.exit(0);
