// A loop written by hand: an agent that retries by itself, and asks a second agent to check what it found.
const { createServer } = require("node:http");
const {
  usageFetch,
  withAgentRun,
  withAttribution,
  withRetries,
} = require("@spancost/instrumentation");
const OpenAI = require("openai");

const openai = new OpenAI({
  apiKey: "none",
  baseURL: `${process.env.MODEL_URL}/v1`,
  maxRetries: 0,
  fetch: usageFetch(),
});

function ask(messages) {
  return withRetries(
    () => openai.chat.completions.create({ model: "gpt-4.1-mini", messages, tools: [tool] }),
    { attempts: 4, delay: () => 5 },
  );
}

const tool = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

function research(question) {
  return withAgentRun("researcher", async (run) => {
    const messages = [{ role: "user", content: question }];
    while (run.iteration < 8) {
      const { message } = (await run.step(() => ask(messages))).choices[0];
      if (message.tool_calls === undefined) return check(message.content);
      messages.push(message);
      for (const { id } of message.tool_calls) {
        messages.push({ role: "tool", tool_call_id: id, content: "sunny" });
      }
    }
    return "no answer";
  });
}

function check(found) {
  return withAgentRun("checker", async (run) => {
    const answer = await run.step(() => ask([{ role: "user", content: found }]));
    return answer.choices[0].message.content;
  });
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const { question } = JSON.parse(Buffer.concat(chunks).toString());
  const text = await withAttribution({ feature: "research", team: "labs" }, () =>
    research(question),
  );
  response.setHeader("content-type", "application/json").end(JSON.stringify({ text }));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
