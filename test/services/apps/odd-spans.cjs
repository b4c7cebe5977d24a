// A service whose own code makes spans of model calls that no instrumentation would make.
const { createServer } = require("node:http");
const { trace } = require("@opentelemetry/api");
const { withFeature } = require("@spancost/instrumentation");

const tracer = trace.getTracer("odd");
const call = { "gen_ai.operation.name": "chat", "gen_ai.system": "openai" };
const megabyte = 1024 * 1024;

/** 10 MB where a name and a number should be. */
function hugeAttributes() {
  const huge = "x".repeat(10 * megabyte);
  const span = tracer.startSpan("huge", { attributes: { ...call, "gen_ai.request.model": huge } });
  span.setAttribute("gen_ai.usage.input_tokens", huge);
  span.end();
}

/** Attributes that throw when they are read, after the SDK has taken the span. */
function throwingAttributes() {
  const span = tracer.startSpan("throwing", { attributes: call });
  for (const key of ["gen_ai.usage.input_tokens", "gen_ai.response.model"]) {
    Object.defineProperty(span.attributes ?? {}, key, {
      get: () => {
        throw new Error("not to be read");
      },
    });
  }
  span.end();
}

const server = createServer((request, response) => {
  const make = request.url === "/huge" ? hugeAttributes : throwingAttributes;
  withFeature("odd", make);
  response.setHeader("content-type", "application/json").end('{"text":"made"}');
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
