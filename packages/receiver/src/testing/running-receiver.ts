import { Agent } from "node:http";
import { connect } from "node:net";
import type { Span } from "@spancost/records";
import type { Answered } from "../answered.ts";
import { createReceiver, type Receiver } from "../server.ts";
import type { ReceiverOptions } from "../settings.ts";
import type { Sender } from "../sink.ts";
import { type Answer, post, type Sending } from "./http-post.ts";

/** A receiver that listens on free ports and keeps what it is sent. */
export class RunningReceiver {
  /** All spans stored so far. */
  readonly stored: Span[] = [];
  /** Who sent them, one for each append. */
  readonly senders: (Sender | undefined)[] = [];
  /** Failures that were reported to the operator. */
  readonly errors: unknown[] = [];
  readonly answered: Answered[] = [];
  readonly receiver: Receiver;
  port = 0;
  grpcPort = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(options: Partial<ReceiverOptions>) {
    this.receiver = createReceiver({
      sink: {
        append: async (spans, sender) => {
          this.stored.push(...spans);
          this.senders.push(sender);
        },
      },
      keepAttribute: () => true,
      onAnswer: (answered) => this.answered.push(answered),
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  static async start(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
    const running = new RunningReceiver(options);
    running.port = (await running.receiver.listen("127.0.0.1", 0)).port;
    running.grpcPort = (await running.receiver.grpc.listen("127.0.0.1", 0)).port;
    return running;
  }

  /** What was stored since the last time this was asked. */
  takeStored(): Span[] {
    return this.stored.splice(0);
  }

  /** Posts `body`; what it is, `sending` says. */
  send(body: Uint8Array | string, sending?: Sending): Promise<Answer> {
    return post(this.#agent, this.port, body, sending);
  }

  /** What comes back on a socket of its own for `text`, until the receiver hangs up. */
  sendRaw(text: string | Buffer, { thenEnd = false, port = this.port } = {}): Promise<string> {
    return new Promise((resolve) => {
      let answer = "";
      const socket = connect(port, "127.0.0.1", () => {
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
