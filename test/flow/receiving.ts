import type { Store } from "@spancost/store";
import { createTraceReceiver } from "../../packages/cli/src/serving/trace-receiver.ts";
import { Pipeline } from "../../packages/cli/src/wiring.ts";

/** A receiver on a database file, put together by `spancost serve`'s own code, and a way to send to it. */
export interface Receiving {
  readonly store: Store;
  /** Where it takes traces. */
  readonly url: string;
  /** Posts `body` and gives the answer's status and text. */
  post(body: string | Uint8Array, headers: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

export async function startReceiving(file: string): Promise<Receiving> {
  const pipeline = await Pipeline.open(file);
  const { receiver, idle } = createTraceReceiver(pipeline, (error) => {
    throw error;
  });
  const { port } = await receiver.listen("127.0.0.1", 0);
  const url = `http://127.0.0.1:${port}/v1/traces`;
  return {
    store: pipeline.store,
    url,
    async post(body, headers) {
      const bytes = typeof body === "string" ? body : Buffer.from(body);
      const answer = await fetch(url, { method: "POST", headers, body: bytes });
      const type = answer.headers.get("content-type");
      return { status: answer.status, type, text: await answer.text() };
    },
    async stop() {
      await receiver.close();
      await idle();
      await pipeline.store.close();
    },
  };
}
