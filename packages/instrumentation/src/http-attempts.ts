import { subscribe } from "node:diagnostics_channel";
import { context } from "@opentelemetry/api";
import { isModelRequest } from "@spancost/semconv";
import { quietly } from "./quietly.ts";
import { shared } from "./shared.ts";
import { callIn } from "./span-notes.ts";

/** Of a request, what undici and `node:http` both tell when they send one. */
interface SentRequest {
  readonly method?: unknown;
  readonly path?: unknown;
}

/**
 * Node's own announcements of HTTP requests: of `fetch` and undici, and of `node:http`, which the AWS SDK uses.
 * Source: nodejs.org/api/diagnostics_channel.html, undici.nodejs.org, "Diagnostics Channel".
 */
const channels = ["undici:request:create", "http.client.request.start"];

/**
 * Counts the requests that a client sends for one call, so that its built-in retries show without any
 * instrumentation of HTTP. Once per process; of requests that are no POST it looks at nothing else.
 */
export function watchRequests(): void {
  if (shared.watchesRequests) return;
  shared.watchesRequests = true;
  for (const channel of channels) subscribe(channel, onRequest);
}

function onRequest(message: unknown): void {
  quietly("counting a request", () => {
    const { request } = message as { readonly request?: SentRequest };
    if (!isModelRequest(request?.method, request?.path)) return;
    const call = callIn(context.active());
    if (call === undefined) shared.seen.bareRequests += 1;
    else call.attempts += 1;
  });
}
