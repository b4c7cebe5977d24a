const OpenAI = require("openai");

async function main() {
  const client = new OpenAI({ baseURL: `${process.env.MODEL_URL}/v1`, apiKey: "none" });
  const messages = [{ role: "user", content: "the question is secret" }];
  const answer = await client.chat.completions.create({ model: "gpt-5-mini", messages });
  console.log(answer.choices[0].message.content);
}

main();
