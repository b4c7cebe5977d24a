// The second of two services: it asks the model and does not know what for. It names nothing of spancost.
import { createServer } from "node:http";
import OpenAI from "openai";

const openai = new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` });

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const { question } = JSON.parse(Buffer.concat(chunks).toString());
  const answered = await openai.responses.create({ model: "gpt-5-mini", input: question });
  response
    .setHeader("content-type", "application/json")
    .end(JSON.stringify({ text: answered.output_text }));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
