/** An answer to a request that came as OTLP, to be counted. */
export interface Answered {
  readonly transport: "http" | "grpc";
  /** 200 to 503; of gRPC too, whose codes tell less apart. */
  readonly status: number;
  /** Spans that are durable now. */
  readonly stored: number;
  /** Spans that were refused, of a request whose others were taken. */
  readonly rejected: number;
}
