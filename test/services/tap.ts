import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A request that passed by. */
export interface Passed {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Uncompressed. */
  readonly body: Buffer;
}

export interface Tap {
  /** `http://127.0.0.1:port`; what is sent there reaches the target. */
  readonly url: string;
  /** Requests so far, in order. */
  readonly passed: readonly Passed[];
  close(): Promise<void>;
}

/** Passes HTTP requests on to `target`, as they are, and keeps what was in them. */
export async function startTap(target: string): Promise<Tap> {
  const passed: Passed[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const { headers, method } = incoming;
    const path = incoming.url ?? "/";
    const isZipped = headers["content-encoding"] === "gzip";
    passed.push({ path, headers, body: isZipped ? gunzipSync(sent) : sent });
    const onward = request(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    onward.end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
