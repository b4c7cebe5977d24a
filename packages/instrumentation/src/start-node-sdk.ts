import { diag } from "@opentelemetry/api";
import { classNamed, type ModulePlace } from "./sdk-modules.ts";
import { withSpancost } from "./with-spancost.ts";

/** Longest time that the end of the process waits for the last spans to be sent. */
const maxFlushMillis = 3_000;

interface Sdk {
  start(): void;
  shutdown(): Promise<void>;
}

/** Starts OpenTelemetry's NodeSDK, which reads every `OTEL_*` variable, and stops it when the process ends. */
export function startNodeSdk(place: ModulePlace, instrumentations: readonly unknown[]): void {
  const NodeSdk = classNamed(place.load("@opentelemetry/sdk-node"), "NodeSDK");
  const sdk = new NodeSdk(withSpancost({ instrumentations })) as Sdk;
  sdk.start();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= sdk.shutdown().catch((problem) => diag.debug("spancost: shutdown", problem));
    return stopped;
  };
  process.once("beforeExit", () => {
    void stop();
    endWithoutReceiver();
  });
  stopOnTermination(stop);
}

/**
 * Where the receiver is down, the exporter tries again for some ten seconds, and a process that is done would hang for as
 * long. The timer alone keeps nothing alive; who listens for the same moment may have begun other work.
 */
function endWithoutReceiver(): void {
  if (process.listenerCount("beforeExit") > 0) return;
  setTimeout(() => process.exit(), maxFlushMillis).unref();
}

/**
 * Sends what is left when the process is asked to end. A listener keeps Node from ending by itself, so without one of the
 * application's own the signal is sent again afterwards.
 */
function stopOnTermination(stop: () => Promise<void>): void {
  const onTermination = () => {
    const isLast = process.listenerCount("SIGTERM") === 0;
    const done = stop();
    if (!isLast) return;
    const end = () => process.kill(process.pid, "SIGTERM");
    const timer = setTimeout(end, maxFlushMillis);
    void done.then(() => {
      clearTimeout(timer);
      end();
    });
  };
  process.once("SIGTERM", onTermination);
}
