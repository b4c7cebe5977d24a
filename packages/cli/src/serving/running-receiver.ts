import { createWebServer } from "../web-api/server.ts";
import type { Pipeline } from "../wiring.ts";
import { type Address, listenAt, urlForOthers, urlForThisMachine } from "./listening.ts";
import { settleInBackground } from "./settling.ts";
import { createTraceReceiver } from "./trace-receiver.ts";

/** What a receiver runs on. */
export interface ReceiverConfig {
  readonly db: string;
  readonly http: Address;
  readonly web: Address;
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
  readonly url: string;
  /** For other commands on this machine. */
  readonly localOtlpUrl: string;
  readonly localUrl: string;
  /** Takes no more requests, and resolves once those that were taken are stored and answered. */
  stop(): Promise<void>;
}

/** @throws CommandError where it cannot listen */
export async function startReceiver(
  pipeline: Pipeline,
  config: ReceiverConfig,
): Promise<RunningReceiver> {
  const traces = createTraceReceiver(pipeline, config.log);
  const httpPort = await listenAt(config.http, traces.receiver);
  const otlpUrl = urlForOthers(config.http.host, httpPort);
  const page = createWebServer({ ...config, pipeline, otlpUrl });
  let webPort: number;
  try {
    webPort = await listenAt(config.web, page);
  } catch (error) {
    await traces.receiver.close();
    throw error;
  }
  const settling = settleInBackground(pipeline.store, config.log);
  return {
    otlpUrl,
    url: urlForOthers(config.web.host, webPort),
    localOtlpUrl: urlForThisMachine(config.http.host, httpPort),
    localUrl: urlForThisMachine(config.web.host, webPort),
    async stop() {
      page.beginClose();
      await traces.receiver.close();
      await traces.idle();
      await settling.stop();
      await page.close();
    },
  };
}
