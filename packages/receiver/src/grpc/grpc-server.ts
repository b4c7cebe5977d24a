import { createServer, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { nodeTlsOptions } from "../access/tls.ts";
import { successBody } from "../answer.ts";
import { toRequestError } from "../failure.ts";
import { hopsOf } from "../forwarding/forwarder.ts";
import type { Gate } from "../gate.ts";
import type { Intake } from "../intake.ts";
import { type Listener, listen } from "../listen.ts";
import { bodyEncoding, RequestError } from "../request.ts";
import type { Settings } from "../settings.ts";
import { callStatusOf } from "./call-status.ts";
import { answeredCall, IncomingCalls } from "./incoming-calls.ts";
import { bytesMethod, otherPaths, tracesPath } from "./services.ts";

/** OTLP over gRPC. */
export interface GrpcServer extends Listener {
  /** Resolves once the calls in flight are answered, or cut off after so many milliseconds. */
  close(withinMs: number): Promise<void>;
}

/** Limits of one connection. */
const channelOptions = {
  "grpc.max_concurrent_streams": 100,
  // Counted as they arrive, with the answer that HTTP gives.
  "grpc.max_receive_message_length": -1,
  // As the OTLP specification recommends.
  "grpc.max_send_message_length": 4 * 1024 * 1024,
  // A sender that went away without a word is found out, and one that has been silent for long starts anew.
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
  "grpc.max_connection_idle_ms": 300_000,
  "grpc.enable_channelz": 0,
} as const;

/** A gRPC server that does not listen yet. */
export function createGrpcServer(settings: Settings, gate: Gate, intake: Intake): GrpcServer {
  const { maxBodyBytes, timeouts, onAnswer, onError } = settings;
  const calls = new IncomingCalls({
    gate,
    maxBodyBytes,
    requestMs: timeouts.request,
    onAnswer,
    onError,
  });
  const exportTraces = async (call: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> => {
    const incoming = calls.of(call.metadata);
    if (incoming === undefined) throw new Error("a call that was not let in");
    incoming.take();
    try {
      const encoding = bodyEncoding(incoming.encoding);
      if (encoding === undefined) throw unknownEncoding();
      const hops = hopsOf(call.metadata.get("spancost-hops")[0]?.toString());
      const sent = { bytes: call.request, format: "protobuf", encoding, hops } as const;
      const { stored, problems } = await intake.take(sent, incoming.admitted);
      const bytes = call.request.byteLength;
      onAnswer(answeredCall(incoming.begunAt, encoding, bytes, 200, stored, problems.rejected));
      return Buffer.from(successBody("protobuf", problems));
    } finally {
      incoming.admitted.release();
    }
  };
  const handle = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    exportTraces(call).then(
      (body) => answer(null, body),
      (error: unknown) => {
        const failure = toRequestError(error, onError);
        const incoming = calls.of(call.metadata);
        const encoding = bodyEncoding(incoming?.encoding);
        const begun = incoming?.begunAt ?? performance.now();
        onAnswer(answeredCall(begun, encoding, call.request.byteLength, failure.status, 0, 0));
        answer(callStatusOf(failure));
      },
    );
  };
  const server = new Server({ ...channelOptions, interceptors: [calls.interceptor] });
  for (const path of [tracesPath, ...otherPaths]) {
    server.addService({ export: bytesMethod(path) }, { export: handle });
  }
  return serve(server, settings);
}

/** Connections are accepted here and not by grpc-js, which neither bounds their number nor tells errors by their codes. */
function serve(server: Server, { tls, maxConnections, onError }: Settings): GrpcServer {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const accept = (socket: Socket) => injector.injectConnection(socket);
  const acceptor: NetServer =
    tls === undefined
      ? createServer({ noDelay: true }, accept)
      : createTlsServer({ ...nodeTlsOptions(tls), ALPNProtocols: ["h2"], noDelay: true }, accept);
  acceptor.maxConnections = maxConnections;
  const sockets = new Set<Socket>();
  let lastClosed = () => {};
  acceptor.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) lastClosed();
    });
  });
  let closed: Promise<void> | undefined;
  return {
    listen: (host, port) => listen(acceptor, host, port, onError),
    close(withinMs) {
      closed ??= new Promise<void>((resolve) => {
        const cutOff = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, withinMs);
        lastClosed = () => {
          clearTimeout(cutOff);
          server.forceShutdown();
          resolve();
        };
        acceptor.close();
        // Connections are closed once their calls are answered. It tells so too early, hence the sockets.
        server.tryShutdown(() => undefined);
        if (sockets.size === 0) lastClosed();
      });
      return closed;
    },
  };
}

function unknownEncoding(): RequestError {
  return new RequestError(501, "this grpc-encoding is not supported: send gzip, or none");
}
