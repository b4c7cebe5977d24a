import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface OtlpSink {
  /** `http://127.0.0.1:port`, to which exporters add `/v1/traces`. */
  readonly url: string;
  /** Bodies that were posted as traces, in order, uncompressed. */
  readonly traces: readonly Buffer[];
  close(): Promise<void>;
}

/** Takes OTLP over HTTP on 127.0.0.1 and keeps the traces as they came. Metrics and logs are let go. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const traces: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    if (request.url?.endsWith("/traces") === true) traces.push(body);
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traces,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
