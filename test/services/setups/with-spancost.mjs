// An application's own set-up of OpenTelemetry, with spancost in it.
import { register } from "node:module";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { usageFetch, withSpancost } from "@spancost/instrumentation";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
globalThis.fetch = usageFetch(globalThis.fetch);

const instrumentations = [
  new HttpInstrumentation(),
  new UndiciInstrumentation(),
  new OpenAIInstrumentation(),
];
const sdk = new NodeSDK(withSpancost({ instrumentations }));
sdk.start();
process.once("SIGTERM", () => sdk.shutdown().finally(() => process.exit(0)));
