import type { MethodDefinition } from "@grpc/grpc-js";

// Source: https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/collector
const services = "/opentelemetry.proto.collector";

/** The method by which spans are sent. */
export const tracesPath = `${services}.trace.v1.TraceService/Export`;

/** Methods of OTLP that are answered UNIMPLEMENTED, with a message that says what is received here. */
export const otherPaths: readonly string[] = [
  `${services}.metrics.v1.MetricsService/Export`,
  `${services}.logs.v1.LogsService/Export`,
  `${services}.profiles.v1development.ProfilesService/Export`,
];

/** A method whose messages are passed on as bytes: they are decoded where those of HTTP are. */
export function bytesMethod(path: string): MethodDefinition<Buffer, Buffer> {
  const same = (bytes: Buffer) => bytes;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}
