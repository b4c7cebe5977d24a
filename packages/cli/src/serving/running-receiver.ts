import type { IncomingMessage } from "node:http";
import { createForwarder, type Forwarder, type ForwardTarget, isDenied } from "@spancost/receiver";
import { BudgetWatch } from "../budgets/budget-watch.ts";
import type { ReceiverBudgets } from "../budgets/receiver-budgets.ts";
import type { KeepPolicy } from "../commands/archive-flags.ts";
import type { Log } from "../operation/log/log.ts";
import { Operation } from "../operation/operation.ts";
import { readToken } from "../web-api/read-token.ts";
import { createWebServer } from "../web-api/server.ts";
import type { Pipeline } from "../wiring.ts";
import type { Access } from "./access.ts";
import { expireHourly } from "./expire-hourly.ts";
import { keepSnapshots } from "./keep-snapshots.ts";
import { type Address, listenAt, urlForOthers, urlForThisMachine } from "./listening.ts";
import { settleInBackground } from "./settling.ts";
import { storeSink } from "./store-sink.ts";
import { createTraceReceiver } from "./trace-receiver.ts";

/** What a receiver runs on. */
export interface ReceiverConfig {
  readonly db: string;
  readonly http: Address;
  readonly grpc: Address;
  readonly access: Access;
  readonly web: Address;
  /** Where spans go on to, with their cost. */
  readonly forwardTargets: readonly ForwardTarget[];
  /** The template of links to a tracing backend. */
  readonly traceLink: string | undefined;
  /** Names beside this machine's own under which the page may be asked for. */
  readonly allowedHosts: readonly string[];
  /** What is kept, and for how long. */
  readonly keep: KeepPolicy;
  /** The one folder that archives may be written into. */
  readonly archiveDir: string | undefined;
  /** What is watched, and who is told of it. */
  readonly budgets: ReceiverBudgets | undefined;
  readonly notifyUrl: URL | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  readonly log: Log;
}

/** A receiver that takes traces and answers questions. */
export interface RunningReceiver {
  /** For senders, and for the page in a browser. */
  readonly otlpUrl: string;
  readonly grpcPort: number;
  readonly url: string;
  /** For other commands on this machine. */
  readonly localOtlpUrl: string;
  readonly localUrl: string;
  /** Takes no more requests, and resolves once those that were taken are stored and answered. */
  stop(): Promise<void>;
}

/** Milliseconds that a receiver that stops waits for those to whom spans go on. */
const forwardMs = 2_000;

function forwarderTo({ forwardTargets: targets, log }: ReceiverConfig): Forwarder | undefined {
  return targets.length === 0
    ? undefined
    : createForwarder({
        targets,
        onMessage: (message) => log.warn("forward.problem", message),
      });
}

/** @throws CommandError where it cannot listen */
export async function startReceiver(
  pipeline: Pipeline,
  config: ReceiverConfig,
): Promise<RunningReceiver> {
  const forwarder = forwarderTo(config);
  const { log, now } = config;
  const { store, read } = pipeline;
  const { budgets, notifyUrl } = config;
  const watch =
    budgets &&
    new BudgetWatch({
      store,
      prices: () => pipeline.prices,
      budgets: () => budgets.text,
      notifyUrl,
      log,
      now,
    });
  const operation = new Operation({ store, log, forwarder, budgets: watch, now });
  const traces = createTraceReceiver(
    { store, read, sink: operation.watchSink(storeSink(store)) },
    (error) => log.failure("receiver.fault", error),
    config.access,
    forwarder,
    operation.answered,
  );
  const httpPort = await listenAt(config.http, traces.receiver);
  const { tls, tokens } = config.access;
  const isTls = tls !== undefined;
  const otlpUrl = urlForOthers(config.http.host, httpPort, isTls);
  // Who changes something, such as the prices, needs a token that may do both.
  const authorize = (request: IncomingMessage) => {
    const scopes = request.method === "POST" ? (["read", "write"] as const) : (["read"] as const);
    const header = `Bearer ${readToken(request)}`;
    return scopes.every(
      (scope) => tokens === undefined || !isDenied(tokens.check(header, scope, config.now())),
    );
  };
  const page = createWebServer({
    ...config,
    pipeline,
    otlpUrl,
    tls,
    authorize,
    operation,
    log: (error) => log.failure("web.fault", error),
  });
  let webPort: number;
  let grpcPort: number;
  try {
    grpcPort = await listenAt(config.grpc, traces.receiver.grpc);
    webPort = await listenAt(config.web, page);
  } catch (error) {
    operation.close();
    watch?.stop();
    await traces.receiver.close();
    throw error;
  }
  const settling = settleInBackground(operation.watchSettling(store), (error) =>
    log.failure("settle.failed", error),
  );
  const snapshots = keepSnapshots(store, now, log);
  const expiring = expireHourly(store.retention(config.keep), now, log);
  return {
    otlpUrl,
    grpcPort,
    url: urlForOthers(config.web.host, webPort, isTls),
    localOtlpUrl: urlForThisMachine(config.http.host, httpPort, isTls),
    localUrl: urlForThisMachine(config.web.host, webPort, isTls),
    async stop() {
      operation.beginStop();
      await traces.receiver.close();
      await traces.idle();
      snapshots.stop();
      expiring.stop();
      await forwarder?.close(forwardMs);
      await settling.stop();
      watch?.stop();
      operation.close();
      await page.close();
    },
  };
}
