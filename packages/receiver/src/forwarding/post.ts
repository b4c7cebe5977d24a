import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { networkProblem } from "./network-problem.ts";

/** What came of one request: an answer, or why there was none. */
export type Posted =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly contentType: string | undefined;
      readonly retryAfter: string | undefined;
      readonly location: string | undefined;
      readonly body: Buffer;
    }
  | { readonly kind: "failed"; readonly problem: string; readonly stale: boolean };

/** What one request is made of. */
export interface Posting {
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** For all of it, from connecting to the end of the answer. */
  readonly timeoutMs: number;
  /** Gives up at once. */
  readonly signal: AbortSignal;
}

/** Of an answer, what is more is not read; the connection is then closed. */
const answerBytes = 64 * 1024;

/** Connections that stay open between requests: nodes of `node:http`, which break off cleanly and follow no redirect. */
export function createAgent(url: URL, maxSockets: number): HttpAgent {
  // Closed by us before most servers close them, or the next request would go into one that ends.
  const options = { keepAlive: true, maxSockets, timeout: 30_000, scheduling: "lifo" } as const;
  return url.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
}

/** Sends one POST request. Never rejects. */
export function post(posting: Posting): Promise<Posted> {
  return new Promise((resolve) => {
    let outgoing: ClientRequest | undefined;
    let answer: IncomingMessage | undefined;
    const chunks: Buffer[] = [];
    const settle = (posted: Posted) => {
      clearTimeout(timer);
      posting.signal.removeEventListener("abort", abort);
      resolve(posted);
    };
    // An answer that breaks off has its status all the same.
    const settleAnswered = (response: IncomingMessage) =>
      settle({
        kind: "answered",
        status: response.statusCode ?? 0,
        contentType: response.headers["content-type"],
        retryAfter: response.headers["retry-after"],
        location: response.headers.location,
        body: Buffer.concat(chunks),
      });
    const fail = (error: NodeJS.ErrnoException) => {
      if (answer !== undefined) settleAnswered(answer);
      else {
        const stale = outgoing?.reusedSocket === true && staleCodes.has(error.code ?? "");
        settle({ kind: "failed", problem: networkProblem(error), stale });
      }
    };
    const breakOff = (problem: string) => {
      const error = new Error(problem);
      outgoing?.destroy(error);
      fail(error);
    };
    const abort = () => breakOff("the receiver is stopping");
    const timer = setTimeout(
      () => breakOff(`no answer within ${posting.timeoutMs / 1000} s`),
      posting.timeoutMs,
    );
    if (posting.signal.aborted) {
      abort();
      return;
    }
    posting.signal.addEventListener("abort", abort);
    const { url, agent, body } = posting;
    const headers = { ...posting.headers, "Content-Length": body.byteLength };
    try {
      const send = url.protocol === "https:" ? requestHttps : requestHttp;
      outgoing = send(url, { method: "POST", agent, headers });
    } catch (error) {
      // Such as a header that cannot be sent.
      fail(error as Error);
      return;
    }
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      answer = response;
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.byteLength;
        if (length <= answerBytes) chunks.push(chunk);
        else response.destroy();
      });
      response.on("error", fail);
      response.on("close", () => settleAnswered(response));
      response.on("end", () => settleAnswered(response));
    });
    outgoing.end(body);
  });
}

/** How a connection fails that the server closed while it was idle. */
const staleCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);
