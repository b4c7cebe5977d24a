import { diag } from "@opentelemetry/api";
import { registerAiSdk } from "./ai-sdk.ts";
import { attachToRunningSdk } from "./attach.ts";
import { watchForTrouble } from "./doctor/self-check.ts";
import { envDenies, isDisabled } from "./environment.ts";
import { hookImports } from "./import-hook.ts";
import { loadInstrumentations, placeOfInstrumentations } from "./instrumentations.ts";
import { isSdkRunning } from "./running-sdk.ts";
import { findPlaceOf } from "./sdk-modules.ts";
import { shared } from "./shared.ts";
import { startNodeSdk } from "./start-node-sdk.ts";
import { usageFetch } from "./usage-fetch.ts";

/**
 * Starts OpenTelemetry for the whole process, with spancost in it, by the environment alone. Never throws: what is missing
 * is said in one line, and the application starts without it.
 */
export async function registerSpancost(): Promise<void> {
  if (isDisabled()) return;
  try {
    const isJoined = isSdkRunning();
    if (isJoined) join();
    else start();
    recoverUsage();
    watchForTrouble(!isJoined);
    await registerAiSdk();
  } catch (problem) {
    say(`not started: ${problem instanceof Error ? problem.message : "unknown reason"}`);
    diag.error("spancost: not started", problem);
  }
}

/** Beside an SDK that somebody else started: whose hook for `import` may be missing. */
function join(): void {
  attachToRunningSdk();
  const place = placeOfInstrumentations();
  if (place !== undefined) hookImports(place);
}

function start(): void {
  const sdk = findPlaceOf("@opentelemetry/sdk-node");
  if (sdk === undefined) {
    say("not started: run `npm install @opentelemetry/sdk-node @opentelemetry/api`");
    return;
  }
  const found = loadInstrumentations();
  // Before anything that is to be instrumented is imported, and from the same copy that does the instrumenting.
  hookImports(found.place);
  setDefaults();
  startNodeSdk(sdk, found.instrumentations);
}

/**
 * Where the environment says nothing. Cost needs spans alone, and a receiver of spans refuses the rest. An exporter that
 * waits ten seconds for a receiver that is down would hold up the end of the process.
 */
function setDefaults(): void {
  const { env } = process;
  env["OTEL_METRICS_EXPORTER"] ||= "none";
  env["OTEL_LOGS_EXPORTER"] ||= "none";
  env["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"] ||= env["OTEL_EXPORTER_OTLP_TIMEOUT"] || "4000";
}

/** What instrumentations leave out is seen on the answers that `fetch` brings, once in a process. */
function recoverUsage(): void {
  if (shared.wrapsFetch || envDenies("SPANCOST_RECOVER_USAGE")) return;
  shared.wrapsFetch = true;
  globalThis.fetch = usageFetch(globalThis.fetch);
}

/** On stderr, since without a running SDK nobody listens to its diagnostics. */
function say(what: string): void {
  process.stderr.write(`spancost: ${what}\n`);
}
