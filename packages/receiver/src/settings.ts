import type { Span } from "@spancost/records";
import type { TlsOptions } from "./access/tls.ts";
import type { TokenBook } from "./access/token-book.ts";
import type { Answered } from "./answered.ts";
import type { DecoderOptions } from "./decoder.ts";
import type { StoredRequest } from "./intake.ts";
import type { SpanSink } from "./sink.ts";

const mebibyte = 1024 * 1024;

/** What a receiver needs from the world, and what may be set. */
export interface ReceiverOptions<Row = Span> extends DecoderOptions<Row> {
  /** Where spans go. A request is answered once it has them. */
  readonly sink: SpanSink<Row>;
  /** Largest request body in bytes, as sent and inflated. Default 64 MiB, as the OTLP specification recommends. */
  readonly maxBodyBytes?: number;
  /**
   * Bytes that all requests being answered may hold, fairly between senders; more are answered 503. Default 256 MiB,
   * or 4 large bodies: with less than that, one sender cannot have a large body taken.
   */
  readonly maxBytesInFlight?: number;
  /** Largest number of spans in one request. Default 200,000: far more than 64 MiB of model calls. */
  readonly maxSpans?: number;
  /** Connections that are open at a time, of HTTP and gRPC each; more are closed at once. Default 2,000. */
  readonly maxConnections?: number;
  /** Who may send. Default everybody who can connect. */
  readonly tokens?: TokenBook | undefined;
  /** What HTTP and gRPC show and ask for before anything is said. Default neither, in plain text. */
  readonly tls?: TlsOptions | undefined;
  /** Paths of HTTP that take traces. Default `/v1/traces`. */
  readonly paths?: readonly string[];
  /** How long a connection may take for what, in milliseconds. */
  readonly timeouts?: Partial<Timeouts>;
  /** Told of every request once its spans are durable: it may be sent on. */
  onStored?: ((stored: StoredRequest<Row>) => void) | undefined;
  /** Told of every answer to what was sent as OTLP. */
  onAnswer?(answered: Answered): void;
  /** Told of every failure that is not the sender's, such as a sink that rejects. */
  onError?(error: unknown): void;
}

/** How long a connection may take for what, in milliseconds. */
export interface Timeouts {
  /** To send a request's headers. */
  readonly headers: number;
  /** To send a whole request. */
  readonly request: number;
  /** To send the next request. */
  readonly keepAlive: number;
  /** To answer what is in flight when the receiver closes. */
  readonly close: number;
}

const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 30_000,
  // Exporters send every 5 s, which is also Node's default: the connection would break as often as not.
  keepAlive: 75_000,
  // A process that is told to stop has ended within six.
  close: 2_500,
};

/** `ReceiverOptions` with their defaults. */
export interface Settings {
  readonly maxBodyBytes: number;
  readonly maxBytesInFlight: number;
  readonly maxSpans: number;
  readonly maxConnections: number;
  readonly tls: TlsOptions | undefined;
  readonly paths: readonly string[];
  readonly timeouts: Timeouts;
  readonly onAnswer: (answered: Answered) => void;
  readonly onError: (error: unknown) => void;
}

export function settingsOf<Row>(options: ReceiverOptions<Row>): Settings {
  const maxBodyBytes = options.maxBodyBytes ?? 64 * mebibyte;
  return {
    maxBodyBytes,
    maxBytesInFlight: options.maxBytesInFlight ?? Math.max(256 * mebibyte, 4 * maxBodyBytes),
    maxSpans: options.maxSpans ?? 200_000,
    maxConnections: options.maxConnections ?? 2_000,
    tls: options.tls,
    paths: options.paths ?? ["/v1/traces"],
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    onAnswer: (answered) => options.onAnswer?.(answered),
    onError: (error) => options.onError?.(error),
  };
}
