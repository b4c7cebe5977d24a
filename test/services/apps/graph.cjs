// An agent of LangGraph that looks up the weather, seen by the OpenInference instrumentation.
const { createServer } = require("node:http");
const { LangChainInstrumentation } = require("@arizeai/openinference-instrumentation-langchain");
const callbacks = require("@langchain/core/callbacks/manager");
const { tool } = require("@langchain/core/tools");
const { createReactAgent } = require("@langchain/langgraph/prebuilt");
const { ChatOpenAI } = require("@langchain/openai");
const { withFeature } = require("@spancost/instrumentation");
const { z } = require("zod");

// It records prompts and answers unless it is told not to.
const traceConfig = { hideInputs: true, hideOutputs: true };
new LangChainInstrumentation({ traceConfig }).manuallyInstrument(callbacks);

const agent = createReactAgent({
  name: "weather-agent",
  llm: new ChatOpenAI({
    model: "gpt-5-mini",
    apiKey: "none",
    configuration: { baseURL: `${process.env.MODEL_URL}/v1` },
  }),
  tools: [
    tool(async ({ city }) => `${city}: sunny`, {
      name: "get_weather",
      description: "The weather in a city.",
      schema: z.object({ city: z.string() }),
    }),
  ],
});

async function answer(question) {
  const { messages } = await agent.invoke({ messages: [{ role: "user", content: question }] });
  return messages.at(-1).content;
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const { question } = JSON.parse(Buffer.concat(chunks).toString());
  const text = await withFeature("graph", () => answer(question));
  response.setHeader("content-type", "application/json").end(JSON.stringify({ text }));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
