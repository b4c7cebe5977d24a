import type { BodyEncoding, BodyFormat } from "./request.ts";

/** An answer to a request that came as OTLP, to be counted. */
export interface Answered {
  readonly transport: "http" | "grpc";
  /** `undefined` where it was refused before that was known. */
  readonly format: BodyFormat | undefined;
  readonly encoding: BodyEncoding | undefined;
  /** Of its body as it was sent; `undefined` where that was not read whole. */
  readonly bytes: number | undefined;
  /** Milliseconds from its headers to its answer. */
  readonly millis: number;
  /** 200 to 503; of gRPC too, whose codes tell less apart. */
  readonly status: number;
  /** Spans that are durable now. */
  readonly stored: number;
  /** Spans that were refused, of a request whose others were taken. */
  readonly rejected: number;
}
