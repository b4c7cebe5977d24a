import { Agent, request } from "node:http";
import { gzipSync } from "node:zlib";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { encodeRequest, type OtlpRequest } from "@spancost/receiver";

/** Where a receiver takes traces. */
export interface Target {
  /** Base of OTLP over HTTP. */
  readonly http: string;
  /** "127.0.0.1:4317" */
  readonly grpc: string;
}

/** How a request is sent. */
export interface Way {
  readonly format: "protobuf" | "json" | "grpc";
  readonly gzip: boolean;
}

/** How a request ended for its sender. */
export type Outcome =
  | { readonly kind: "acked"; readonly body: Buffer }
  /** 429, 502, 503 or 504, or gRPC's words for it: to be sent again. */
  | { readonly kind: "later"; readonly status: string }
  /** Nobody answered, or not to the end: it may be stored or not. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** For good: nobody would send it again. */
  | { readonly kind: "refused"; readonly status: string; readonly text: string };

/** Milliseconds that an exporter waits for an answer. */
const patience = 10_000;

/** Of gRPC's CompressionAlgorithms. */
const gzipCompression = 2;

const retryable = new Set([429, 502, 503, 504]);

/** One exporter's connection, kept open from request to request. */
export class Exporter {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #grpc = new Map<string, Client>();

  send(target: Target, message: OtlpRequest, way: Way): Promise<Outcome> {
    if (way.format === "grpc") {
      return this.#call(target.grpc, encodeRequest(message), way.gzip);
    }
    const isJson = way.format === "json";
    const plain = isJson ? Buffer.from(JSON.stringify(message)) : encodeRequest(message);
    return this.#post(target.http, way.gzip ? gzipSync(plain, { level: 1 }) : plain, {
      "Content-Type": isJson ? "application/json" : "application/x-protobuf",
      ...(way.gzip && { "Content-Encoding": "gzip" }),
    });
  }

  close(): void {
    this.#agent.destroy();
    for (const client of this.#grpc.values()) client.close();
  }

  #post(base: string, body: Uint8Array, headers: Record<string, string>): Promise<Outcome> {
    return new Promise((settle) => {
      const unknown = (error: unknown) => settle({ kind: "unknown", reason: reasonOf(error) });
      const sending = request(
        new URL("/v1/traces", base),
        { method: "POST", headers, agent: this.#agent, timeout: patience },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.once("error", unknown);
          response.once("end", () => {
            const answer = Buffer.concat(parts);
            const code = response.statusCode ?? 0;
            const status = String(code);
            if (code === 200) settle({ kind: "acked", body: answer });
            else if (retryable.has(code)) settle({ kind: "later", status });
            else settle({ kind: "refused", status, text: answer.toString("latin1").slice(0, 200) });
          });
        },
      );
      sending.once("timeout", () => sending.destroy(new Error("no answer within 10 s")));
      sending.once("error", unknown);
      sending.end(body);
    });
  }

  #call(address: string, body: Uint8Array, gzip: boolean): Promise<Outcome> {
    const client = this.#client(address, gzip);
    return new Promise((settle) => {
      client.makeUnaryRequest(
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        body,
        { deadline: Date.now() + patience },
        (error: ServiceError | null, answer?: Buffer) => settle(outcomeOf(error, answer)),
      );
    });
  }

  /** A channel has one compression for all its calls. */
  #client(address: string, gzip: boolean): Client {
    const key = `${address} ${gzip}`;
    const known = this.#grpc.get(key);
    if (known !== undefined) return known;
    // A receiver that started anew has another port.
    for (const [other, client] of this.#grpc) {
      if (other.startsWith(`${address} `)) continue;
      client.close();
      this.#grpc.delete(other);
    }
    const client = new Client(address, credentials.createInsecure(), {
      "grpc.default_compression_algorithm": gzip ? gzipCompression : 0,
      "grpc.initial_reconnect_backoff_ms": 100,
    });
    this.#grpc.set(key, client);
    return client;
  }
}

function outcomeOf(error: ServiceError | null, answer: Buffer | undefined): Outcome {
  if (error === null) return { kind: "acked", body: answer ?? Buffer.alloc(0) };
  const name = status[error.code] ?? String(error.code);
  // gRPC says UNAVAILABLE too where nobody listens or the connection broke.
  const fromServer = error.metadata.get("grpc-status-details-bin").length > 0;
  if (error.code === status.UNAVAILABLE && fromServer) return { kind: "later", status: name };
  const unknown: readonly number[] = [
    status.UNAVAILABLE,
    status.DEADLINE_EXCEEDED,
    status.CANCELLED,
  ];
  if (unknown.includes(error.code)) return { kind: "unknown", reason: name };
  return { kind: "refused", status: name, text: error.details.slice(0, 200) };
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
