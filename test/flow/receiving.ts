import { createPriceBook } from "@spancost/pricing";
import { createReceiver, GroupingSink } from "@spancost/receiver";
import { toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { Store } from "@spancost/store";

/** A receiver on a database file, put together as `spancost serve` does, and a way to send to it. */
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
  const store = await Store.open(file);
  const prices = createPriceBook();
  const sink = new GroupingSink({
    append: (spans) => store.append(spans.map((span) => toSpanFacts(span, prices))),
  });
  const receiver = createReceiver({ sink, keepAttribute });
  const { port } = await receiver.listen("127.0.0.1", 0);
  const url = `http://127.0.0.1:${port}/v1/traces`;
  return {
    store,
    url,
    async post(body, headers) {
      const bytes = typeof body === "string" ? body : Buffer.from(body);
      const answer = await fetch(url, { method: "POST", headers, body: bytes });
      const type = answer.headers.get("content-type");
      return { status: answer.status, type, text: await answer.text() };
    },
    async stop() {
      await receiver.close();
      await store.close();
    },
  };
}
