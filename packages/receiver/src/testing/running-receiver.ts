import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import type { Span } from "@spancost/records";
import { createReceiver, type Receiver, type ReceiverOptions } from "../server.ts";

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

/** A receiver that listens on a free port and keeps what it is sent. */
export class RunningReceiver {
  /** All spans stored so far. */
  readonly stored: Span[] = [];
  /** Failures that were reported to the operator. */
  readonly errors: unknown[] = [];
  readonly receiver: Receiver;
  port = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(options: Partial<ReceiverOptions>) {
    this.receiver = createReceiver({
      sink: {
        append: async (spans) => {
          this.stored.push(...spans);
        },
      },
      keepAttribute: () => true,
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  static async start(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
    const running = new RunningReceiver(options);
    running.port = (await running.receiver.listen("127.0.0.1", 0)).port;
    return running;
  }

  /** What was stored since the last time this was asked. */
  takeStored(): Span[] {
    return this.stored.splice(0);
  }

  send(body: Uint8Array | string, sending: Sending = {}): Promise<Answer> {
    const { method = "POST", path = "/v1/traces", chunkBytes } = sending;
    const bytes = Buffer.from(body as Uint8Array);
    const length = chunkBytes === undefined ? { "Content-Length": bytes.byteLength } : {};
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: "127.0.0.1",
          port: this.port,
          method,
          path,
          headers: { ...length, ...sending.headers },
        },
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

  /** What comes back on a socket of its own for `text`, until the receiver hangs up. */
  sendRaw(text: string | Buffer, { thenEnd = false } = {}): Promise<string> {
    return new Promise((resolve) => {
      let answer = "";
      const socket = connect(this.port, "127.0.0.1", () => {
        socket.write(text);
        if (thenEnd) socket.end();
      });
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
    });
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.receiver.close();
  }
}
