import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a model API answers to one request. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server on this machine that answers one request after the other as it is told, the last answer again and again. */
export class ModelServer {
  readonly #server;
  readonly #answers: Answer[];
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];

  private constructor(answers: readonly Answer[]) {
    this.#answers = [...answers];
    this.#server = createServer((request, response) => {
      request.resume().on("end", () => {
        this.asked.push(request.url ?? "");
        const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
        answer?.(response, request);
      });
    });
  }

  static async start(...answers: readonly Answer[]): Promise<ModelServer> {
    const server = new ModelServer(answers);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message: "no" } }));
  };
}

export function json(value: unknown): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(value));
  };
}

/** Server-sent events, each written by itself. */
export function events(...data: readonly unknown[]): Answer {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const item of data) {
      response.write(`data: ${typeof item === "string" ? item : JSON.stringify(item)}\n\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

export const usage = {
  prompt_tokens: 1523,
  completion_tokens: 311,
  prompt_tokens_details: { cached_tokens: 1024 },
  completion_tokens_details: { reasoning_tokens: 128 },
};

export const completion = {
  id: "chatcmpl-1",
  model: "gpt-5-mini-2025-08-07",
  service_tier: "default",
  choices: [{ message: { role: "assistant", content: "the answer is secret" } }],
  usage,
};
