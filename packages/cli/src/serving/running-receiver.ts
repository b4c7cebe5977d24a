import type { IncomingMessage } from "node:http";
import { createForwarder, type Forwarder, type ForwardTarget, isDenied } from "@spancost/receiver";
import { readToken } from "../web-api/read-token.ts";
import { createWebServer } from "../web-api/server.ts";
import type { Pipeline } from "../wiring.ts";
import type { Access } from "./access.ts";
import { keepSnapshots } from "./keep-snapshots.ts";
import { type Address, listenAt, urlForOthers, urlForThisMachine } from "./listening.ts";
import { settleInBackground } from "./settling.ts";
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
  /** Names beside this machine's own under which the page may be asked for. */
  readonly allowedHosts: readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
  /** Told of every failure that is not a sender's or an asker's. */
  log(error: unknown): void;
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
  return targets.length === 0 ? undefined : createForwarder({ targets, onMessage: log });
}

/** @throws CommandError where it cannot listen */
export async function startReceiver(
  pipeline: Pipeline,
  config: ReceiverConfig,
): Promise<RunningReceiver> {
  const forwarder = forwarderTo(config);
  const traces = createTraceReceiver(pipeline, config.log, config.access, forwarder);
  const httpPort = await listenAt(config.http, traces.receiver);
  const { tls, tokens } = config.access;
  const isTls = tls !== undefined;
  const otlpUrl = urlForOthers(config.http.host, httpPort, isTls);
  const authorize = (request: IncomingMessage) =>
    tokens === undefined ||
    !isDenied(tokens.check(`Bearer ${readToken(request)}`, "read", config.now()));
  const page = createWebServer({ ...config, pipeline, otlpUrl, tls, authorize });
  let webPort: number;
  let grpcPort: number;
  try {
    grpcPort = await listenAt(config.grpc, traces.receiver.grpc);
    webPort = await listenAt(config.web, page);
  } catch (error) {
    await traces.receiver.close();
    throw error;
  }
  const settling = settleInBackground(pipeline.store, config.log);
  const snapshots = keepSnapshots(pipeline.store, config.now, config.log);
  return {
    otlpUrl,
    grpcPort,
    url: urlForOthers(config.web.host, webPort, isTls),
    localOtlpUrl: urlForThisMachine(config.http.host, httpPort, isTls),
    localUrl: urlForThisMachine(config.web.host, webPort, isTls),
    async stop() {
      page.beginClose();
      await traces.receiver.close();
      await traces.idle();
      snapshots.stop();
      await forwarder?.close(forwardMs);
      await settling.stop();
      await page.close();
    },
  };
}
