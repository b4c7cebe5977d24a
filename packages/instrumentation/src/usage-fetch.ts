import { context } from "@opentelemetry/api";
import { isModelRequest } from "@spancost/semconv";
import { isDisabled } from "./environment.ts";
import { report } from "./quietly.ts";
import { type CallNote, callIn } from "./span-notes.ts";
import { merged, usageOfAnswer } from "./usage-of-answer.ts";
import { UsageScanner } from "./usage-scanner.ts";

/**
 * A `fetch` that notes what answers of model APIs say of their usage, for the spans of instrumentations that leave
 * cached tokens or the service tier out. For the `fetch` option of the OpenAI and Anthropic clients and of the
 * providers of the AI SDK.
 *
 * Answers reach the client as they came: what it parses is looked at as it is handed over, streams as they pass by.
 * No text of them is kept. Outside of a call that has a span it is `base` itself.
 */
export function usageFetch(base: typeof fetch = globalThis.fetch): typeof fetch {
  return function fetch(input, init) {
    const answer = base(input, init);
    let call: CallNote | undefined;
    try {
      if (isDisabled()) return answer;
      call = callIn(context.active());
      if (call === undefined || !isModelRequest(methodOf(input, init), pathOf(input)))
        return answer;
    } catch (problem) {
      report("looking at a request", problem);
      return answer;
    }
    const observed = call;
    return answer.then((response) => watched(response, observed));
  };
}

function methodOf(input: unknown, init: RequestInit | undefined): string {
  return String(init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
}

function pathOf(input: unknown): string | undefined {
  const url = input instanceof Request ? input.url : String(input);
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

function watched(response: Response, call: CallNote): Response {
  try {
    if (!response.ok) return response;
    const type = response.headers.get("content-type") ?? "";
    if (type.includes("application/json")) return watchJson(response, call);
    if (type.includes("text/event-stream")) return watchStream(response, call);
  } catch (problem) {
    report("looking at an answer", problem);
  }
  return response;
}

function note(call: CallNote, json: unknown): void {
  try {
    call.recovered = merged(call.recovered, usageOfAnswer(json));
  } catch (problem) {
    report("reading an answer's usage", problem);
  }
}

/** Looks at what `json()` gives out, before its caller does; `text()` is parsed once more, where it is not long. */
function watchJson(response: Response, call: CallNote): Response {
  const json = response.json.bind(response);
  const text = response.text.bind(response);
  return Object.defineProperties(response, {
    json: own(async () => {
      const value = await json();
      note(call, value);
      return value;
    }),
    text: own(async () => {
      const value = await text();
      note(call, parsed(value));
      return value;
    }),
  });
}

function own(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true };
}

/** Beyond this, parsing a text a second time would be felt. */
const maxText = 256 * 1024;

function parsed(text: string): unknown {
  if (text.length > maxText) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same response with a body that is looked at as it is read, chunk by chunk and never ahead. */
function watchStream(response: Response, call: CallNote): Response {
  const { body } = response;
  if (!(body instanceof ReadableStream)) return response;
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  const scanner = new UsageScanner();
  const look = (action: () => void) => {
    try {
      action();
      call.recovered = merged(call.recovered, scanner.usage);
    } catch (problem) {
      report("looking at a stream", problem);
    }
  };
  const passing = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          look(() => scanner.finish());
          controller.close();
          return;
        }
        look(() => scanner.scan(value));
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers } = response;
  const same = new Response(passing, { status, statusText, headers });
  // A response that is made has no address of its own.
  return Object.defineProperties(same, {
    url: own(response.url),
    redirected: own(response.redirected),
    type: own(response.type),
  });
}
