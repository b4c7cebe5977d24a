/** What a service's environment needs, so that its OpenTelemetry SDK sends traces to `otlpUrl`. */
export function environmentLines(otlpUrl: string): readonly string[] {
  return [
    "export OTEL_TRACES_EXPORTER=otlp",
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl}`,
    "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
  ];
}
