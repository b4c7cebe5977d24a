// A service that writes replies with Anthropic, whose SDK makes spans itself.
import Anthropic from "@anthropic-ai/sdk";
import { withAttribution } from "@spancost/instrumentation";
import express from "express";

const anthropic = new Anthropic({ apiKey: "none", baseURL: process.env.MODEL_URL });

function letterTo(model, letter) {
  return {
    model,
    max_tokens: 400,
    system: [
      {
        type: "text",
        text: "You are polite.",
        cache_control: { type: "ephemeral", ttl: "1h" },
      },
    ],
    messages: [{ role: "user", content: letter }],
  };
}

async function reply(letter) {
  const message = await anthropic.messages.create(letterTo("claude-haiku-4-5", letter));
  return message.content[0].text;
}

async function streamedReply(letter) {
  const stream = anthropic.messages.stream(letterTo("claude-haiku-4-5", letter));
  const message = await stream.finalMessage();
  return message.content[0].text;
}

const app = express();
app.use(express.json());

/** Who a request is for. */
function ownerOf(request) {
  return { feature: "replies", team: "support", conversation: request.get("x-conversation") };
}

app.post("/replies", async (request, response) => {
  const text = await withAttribution(ownerOf(request), () => reply(request.body.question));
  response.json({ text });
});

app.post("/replies/stream", async (request, response) => {
  const text = await withAttribution(ownerOf(request), () => streamedReply(request.body.question));
  response.json({ text });
});

const server = app.listen(0, "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
