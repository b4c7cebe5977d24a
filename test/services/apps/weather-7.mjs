// An agent of the AI SDK 7 that looks up the weather. The application does nothing about telemetry.
import { createServer } from "node:http";
import { createOpenAI } from "@ai-sdk/openai";
import { withFeature } from "@spancost/instrumentation";
import { generateText, stepCountIs, tool } from "ai";
import { z } from "zod";

const openai = createOpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });

const tools = {
  get_weather: tool({
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `${city}: sunny`,
  }),
};

async function answer(question) {
  const { text } = await generateText({
    model: openai("gpt-4.1-mini"),
    prompt: question,
    tools,
    stopWhen: stepCountIs(6),
  });
  return text;
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const { question } = JSON.parse(Buffer.concat(chunks).toString());
  const text = await withFeature("weather", () => answer(question));
  response.setHeader("content-type", "application/json").end(JSON.stringify({ text }));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
