import type { AddressInfo } from "node:net";
import type { Span } from "@spancost/records";
import type { Express } from "express";
import { ByteBudget } from "./byte-budget.ts";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { Gate } from "./gate.ts";
import { createGrpcServer } from "./grpc/grpc-server.ts";
import { createHttpServer } from "./http-server.ts";
import { RowIntake } from "./intake.ts";
import type { Listener } from "./listen.ts";
import { type ReceiverOptions, settingsOf } from "./settings.ts";

/** A receiver of OTLP over HTTP and gRPC: one gate, one memory and one decoder for both. */
export interface Receiver {
  /** The routes of HTTP: more can be added, or all mounted in another app. */
  readonly app: Express;
  /** Starts to listen for HTTP; `port` 0 takes a free one. Rejects with the system's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** The same for gRPC, on a port of its own. */
  readonly grpc: Listener;
  /** Takes no more connections and resolves once the requests in flight are answered, or cut off after a while. */
  close(): Promise<void>;
}

/** Makes a receiver that does not listen yet. */
export function createReceiver<Row = Span>(options: ReceiverOptions<Row>): Receiver {
  const settings = settingsOf(options);
  const { onAnswer, onError, timeouts } = settings;
  const intake = new RowIntake({
    ...settings,
    decoders: { protobuf: new ProtobufDecoder(options), json: new JsonDecoder(options) },
    sink: options.sink,
    onStored: options.onStored,
  });
  const gate = new Gate({
    tokens: options.tokens,
    budget: new ByteBudget(settings.maxBytesInFlight),
  });
  const { maxBodyBytes } = settings;
  const http = createHttpServer(settings, { gate, intake, maxBodyBytes, onAnswer, onError });
  const grpc = createGrpcServer(settings, gate, intake);
  return {
    app: http.app,
    listen: http.listen,
    grpc,
    async close() {
      await Promise.all([http.close(timeouts.close), grpc.close(timeouts.close)]);
    },
  };
}
