// A service that answers questions with OpenAI. It closes its server when it is asked to end.
const { withFeature, withUser } = require("@spancost/instrumentation");
const express = require("express");
const OpenAI = require("openai");

const openai = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });

function questionTo(model, question) {
  return { model, messages: [{ role: "user", content: question }] };
}

async function answer(question) {
  const answered = await openai.chat.completions.create(questionTo("gpt-5-mini", question));
  return answered.choices[0].message.content;
}

async function streamedAnswer(question) {
  const stream = await openai.chat.completions.create({
    ...questionTo("gpt-5-mini", question),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

const app = express();
app.use(express.json());

app.post("/answers", async (request, response) => {
  const text = await withFeature("search-answers", () =>
    withUser(request.get("x-user"), () => answer(request.body.question)),
  );
  response.json({ text });
});

app.post("/answers/stream", async (request, response) => {
  const text = await withFeature("search-answers", () =>
    withUser(request.get("x-user"), () => streamedAnswer(request.body.question)),
  );
  response.json({ text });
});

const server = app.listen(0, "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
process.on("SIGTERM", () => server.close());
