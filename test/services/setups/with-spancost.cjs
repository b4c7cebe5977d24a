// An application's own set-up of OpenTelemetry, with spancost in it.
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
const { UndiciInstrumentation } = require("@opentelemetry/instrumentation-undici");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { usageFetch, withSpancost } = require("@spancost/instrumentation");

globalThis.fetch = usageFetch(globalThis.fetch);

const instrumentations = [
  new HttpInstrumentation(),
  new UndiciInstrumentation(),
  new OpenAIInstrumentation(),
];
const sdk = new NodeSDK(withSpancost({ instrumentations }));
sdk.start();
process.once("SIGTERM", () => sdk.shutdown().finally(() => process.exit(0)));
