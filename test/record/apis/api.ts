import type { ServerResponse } from "node:http";
import type { Counts, ToolCall } from "../plan.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A request that is to be answered, and what with. */
export interface Exchange {
  readonly path: string;
  readonly body: Json;
  readonly stream: boolean;
  /** The model as it is named in answers: with its date. */
  readonly model: string;
  readonly counts: Counts;
  readonly text: string;
  readonly tool: ToolCall | undefined;
  readonly serviceTier: string;
  /** Different for every answer. */
  readonly id: number;
  readonly response: ServerResponse;
}

/** One API of a provider: which requests are its own, and how it answers. */
export interface Api {
  readonly name: string;
  /** True where the path is one of this API. */
  matches(path: string): boolean;
  /** Sends the answer. @returns whether the client was told what it used */
  answer(exchange: Exchange): boolean;
  /** The body of an answer that is none. */
  failure(status: number): Json;
}

export function sendJson(response: ServerResponse, body: Json): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

/** A stream of server-sent events. */
export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.setHeader("content-type", "text/event-stream");
  }

  /** Sends `data`, under an event name where the API has them. */
  send(data: Json | string, event?: string): void {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.#response.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`);
  }

  end(): void {
    this.#response.end();
  }
}

/** `text` as the pieces that are streamed. */
export function pieces(text: string): readonly string[] {
  return text.split(/(?<= )/);
}
