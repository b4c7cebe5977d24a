import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to send besides the body. */
export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Bytes per chunk of a chunked transfer. Without it, the body is sent at once with its length. */
  readonly chunkBytes?: number;
}

/** Sends `body` to a port of this machine. */
export function post(
  agent: Agent,
  port: number,
  body: Uint8Array | string,
  { method = "POST", path = "/v1/traces", chunkBytes, headers }: Sending = {},
): Promise<Answer> {
  const bytes = Buffer.from(body as Uint8Array);
  const length = chunkBytes === undefined ? { "Content-Length": bytes.byteLength } : {};
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, host: "127.0.0.1", port, method, path, headers: { ...length, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    for (let i = 0; chunkBytes !== undefined && i < bytes.byteLength; i += chunkBytes) {
      outgoing.write(bytes.subarray(i, i + chunkBytes));
    }
    if (chunkBytes === undefined) outgoing.end(bytes);
    else outgoing.end();
  });
}
