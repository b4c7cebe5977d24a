import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: process.env.MODEL_URL, apiKey: "none" });
const messages = [{ role: "user", content: "the question is secret" }];
const answer = await client.messages.create({ model: "claude-haiku-4-5", max_tokens: 9, messages });
console.log(answer.content[0].text);
