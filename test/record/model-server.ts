import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messages } from "./apis/anthropic.ts";
import type { Api, Json } from "./apis/api.ts";
import { converse, converseStream, invokeModel } from "./apis/bedrock.ts";
import { generateContent } from "./apis/gemini.ts";
import { chatCompletions, embeddings, responses } from "./apis/openai.ts";
import { type Counts, countsOf, type Turn } from "./plan.ts";

const apis: readonly Api[] = [
  chatCompletions,
  responses,
  embeddings,
  messages,
  generateContent,
  converse,
  converseStream,
  invokeModel,
];

/** Providers answer with the dated name of a model. */
const dated: Readonly<Record<string, string>> = {
  "gpt-5-mini": "gpt-5-mini-2025-08-07",
  "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
  "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
};

/** One request that the server got, and what it billed for it. */
export interface LoggedCall {
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly api: string;
  readonly model_requested: string;
  readonly stream: boolean;
  readonly status: number;
  readonly billable: boolean;
  readonly usage?: Counts;
  /** Whether the client was told the usage. */
  readonly usage_on_wire?: boolean;
}

export interface ModelServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** Every request so far, in order. */
  readonly log: readonly LoggedCall[];
  /** Paths of requests that no API here has. */
  readonly strays: readonly string[];
  close(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that answers as model providers do, with the turns of a plan one after the other.
 *
 * Knows OpenAI's Chat Completions, Responses and Embeddings, Anthropic's Messages, Gemini and Bedrock, streamed
 * or not. What it bills is in its log, whatever the client makes of it. After the last turn comes a 500.
 */
export async function startModelServer(plan: readonly Turn[]): Promise<ModelServer> {
  const log: LoggedCall[] = [];
  const strays: string[] = [];
  let nth = 0;
  let failed = 0;
  let id = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url?.split("?", 1)[0] ?? "/");
    const body = await readJson(request);
    const api = request.method === "POST" ? apis.find((one) => one.matches(path)) : undefined;
    if (api === undefined) {
      strays.push(`${request.method} ${path}`);
      response.writeHead(404, { "content-type": "application/json" }).end("{}");
      return;
    }
    const turn: Turn = plan[nth] ?? { failures: [500], failsForGood: true };
    const model = String(body["model"] ?? path.match(/models?\/([^/:]+)/)?.[1] ?? "unknown");
    const stream = body["stream"] === true || /stream/i.test(path);
    const seen = { t: Date.now(), api: api.name, model_requested: model, stream };
    const failures = turn.failures ?? [];
    response.setHeader("x-request-id", `req_${log.length}`);
    response.setHeader("request-id", `req_${log.length}`);
    if (failed < failures.length) {
      const status = failures[failed] ?? 500;
      failed += 1;
      if (failed === failures.length && turn.failsForGood === true) {
        nth += 1;
        failed = 0;
      }
      log.push({ ...seen, status, billable: false });
      response.writeHead(status, {
        "content-type": "application/json",
        // Bedrock names the error in a header; the other SDKs look at how long to wait.
        "x-amzn-errortype": status === 429 ? "ThrottlingException" : "InternalServerException",
        "retry-after-ms": "15",
        "retry-after": "1",
      });
      response.end(JSON.stringify(api.failure(status)));
      return;
    }
    nth += 1;
    failed = 0;
    id += 1;
    const counts = countsOf(turn);
    if (turn.delay !== undefined) await sleep(turn.delay);
    const usage_on_wire = api.answer({
      path,
      body,
      stream,
      model: dated[model] ?? model,
      counts,
      text: turn.text ?? "A planned answer.",
      tool: turn.tool,
      serviceTier: turn.serviceTier ?? "default",
      id,
      response,
    });
    log.push({ ...seen, status: 200, billable: true, usage: counts, usage_on_wire });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      strays.push(`${request.url}: ${error}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    strays,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return {};
  }
}
