import { Readable } from "node:stream";
import {
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
} from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/**
 * stdin and stdout, closed once stdin has ended *and* every request that came has its answer: the SDK's own transport
 * drops what is in hand at the end of stdin, which is where `spancost mcp < questions` begins to be answered.
 */
export class AnsweringTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Resolves when nothing more is read or written. */
  readonly closed: Promise<void>;
  readonly #inner: StdioServerTransport;
  readonly #inHand = new Set<RequestId>();
  #whenAnswered: (() => void) | undefined;

  constructor(stdin: NodeJS.ReadableStream) {
    this.#inner = new StdioServerTransport(Readable.from(this.#untilAnswered(stdin)));
    this.closed = new Promise((resolve) => {
      this.#inner.onclose = () => {
        resolve();
        this.onclose?.();
      };
    });
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message) => {
      // A subscription has no answer before the connection ends.
      if (isJSONRPCRequest(message) && message.method !== "subscriptions/listen") {
        this.#inHand.add(message.id);
      } else if ("method" in message && message.method === "notifications/cancelled") {
        this.#settle(message.params?.["requestId"] as RequestId);
      }
      this.onmessage?.(message);
    };
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#inner.send(message);
    if (isJSONRPCResponse(message) && message.id !== undefined) this.#settle(message.id);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /**
   * The bytes of `stdin`, the last line ended where a file leaves that out; their end is held back until all that they
   * asked is answered.
   */
  async *#untilAnswered(stdin: NodeJS.ReadableStream): AsyncGenerator<Buffer | string> {
    let isLineOpen = false;
    try {
      for await (const part of stdin) {
        yield part;
        isLineOpen = !part.toString().endsWith("\n");
      }
      if (isLineOpen) yield Buffer.from("\n");
    } catch (error) {
      // A pipe may be closed without an end.
      this.onerror?.(error as Error);
    }
    if (this.#inHand.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenAnswered = resolve;
    });
  }

  #settle(id: RequestId): void {
    this.#inHand.delete(id);
    if (this.#inHand.size === 0) this.#whenAnswered?.();
  }
}
