// The first of two services: it knows what a request is for, and asks the other over HTTP.
import { createServer } from "node:http";
import { withFeature, withUser } from "@spancost/instrumentation";

async function summaryOf(question) {
  const response = await fetch(`${process.env.SUMMARIES_URL}/summaries`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question }),
  });
  return await response.text();
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const { question } = JSON.parse(Buffer.concat(chunks).toString());
  const text = await withFeature("reviews", () =>
    withUser(request.headers["x-user"], () => summaryOf(question)),
  );
  response.setHeader("content-type", "application/json").end(text);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
