import { keepAttribute } from "@spancost/semconv";
import type { Secrets } from "./secrets.ts";
import { type AnyValue, type Attribute, type Recorded, type Request, spansOf } from "./traces.ts";

/** What of an attribute that is looked at is text of people or models, and not a name. */
const contentKey =
  /content|text|output|message|argument|input|prompt|refusal|thinking|summary|reasoning|data|quer|title|canary/i;

/**
 * Puts a secret wherever content can be: every attribute that is not looked at, the texts inside the JSON of those
 * that are, events, links, the status, the state of the trace, and what instrumentations and resources add.
 */
export function poison({ name, request }: Recorded, secrets: Secrets): Request {
  const at = (place: string) => secrets.at(`${name}: ${place}`);
  const poisoned = structuredClone(request);
  for (const resourceSpans of poisoned.resourceSpans) {
    resourceSpans.schemaUrl = `https://example.com/${at("schema of a resource")}`;
    resourceSpans.resource ??= {};
    resourceSpans.resource.attributes = attributes(resourceSpans.resource.attributes, (key) =>
      at(`resource attribute ${key}`),
    );
    for (const scopeSpans of resourceSpans.scopeSpans ?? []) {
      scopeSpans.schemaUrl = `https://example.com/${at("schema of a scope")}`;
      scopeSpans.scope ??= {};
      scopeSpans.scope.attributes = attributes(scopeSpans.scope.attributes, (key) =>
        at(`scope attribute ${key}`),
      );
    }
  }
  for (const span of spansOf(poisoned)) {
    span.traceState = `vendor=${at("trace state")}`;
    span.status = { ...span.status, message: at("status message") };
    span.attributes = attributes(span.attributes, (key) => at(`attribute ${key}`));
    span.events = [...(span.events ?? []), ...contentEvents(span.startTimeUnixNano)];
    for (const event of span.events) {
      event.attributes = attributes(event.attributes, (key) =>
        at(`attribute ${key} of event ${event.name}`),
      );
    }
    span.events.push({ name: at("name of an event") });
    span.links = [
      {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceState: `vendor=${at("trace state of a link")}`,
        attributes: attributes([], (key) => at(`attribute ${key} of a link`)),
      },
    ];
  }
  return poisoned;
}

/** Events in which the conventions and the emitters put prompts, answers and failures. */
function contentEvents(
  timeUnixNano = "1",
): NonNullable<ReturnType<typeof spansOf>[number]["events"]> {
  const event = (name: string, ...keys: string[]) => ({
    name,
    timeUnixNano,
    attributes: keys.map((key) => ({ key, value: { stringValue: "x" } })),
  });
  return [
    event("exception", "exception.message", "exception.stacktrace", "exception.type"),
    event("gen_ai.content.prompt", "gen_ai.prompt"),
    event("gen_ai.content.completion", "gen_ai.completion"),
    event("gen_ai.user.message", "content", "gen_ai.event.content", "body"),
    event("gen_ai.client.inference.operation.details", "gen_ai.input.messages"),
    event("gen_ai.choice", "message", "finish_reason"),
  ];
}

/** Names under which any emitter may send content, beside its own. */
const contentNames = [
  "gen_ai.prompt",
  "gen_ai.completion",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.tool.definitions",
  "gen_ai.prompt.0.content",
  "gen_ai.completion.0.content",
  "llm.input_messages.0.message.content",
  "llm.output_messages.0.message.content",
  "input.value",
  "ai.prompt",
  "ai.prompt.messages",
  "ai.response.text",
  "ai.toolCall.args",
  "langfuse.observation.input",
  "langfuse.observation.output",
  "traceloop.entity.input",
  "traceloop.entity.output",
  "exception.message",
  "http.request.header.authorization",
  "http.request.body",
  "db.query.text",
  "process.command_args",
];

function attributes(
  before: readonly Attribute[] = [],
  secret: (key: string) => string,
): Attribute[] {
  const present = new Set(before.map(({ key }) => key));
  const added = contentNames
    .filter((key) => !present.has(key))
    .map((key) => ({ key, value: { stringValue: "x" } }));
  return [...before, ...added].map(({ key, value }) => ({
    key,
    value: keepAttribute(key) ? insideOf(key, value, secret) : contentFor(value, secret(key)),
  }));
}

/** A value of the same kind, all secret. */
function contentFor(value: AnyValue | undefined, secret: string): AnyValue {
  if (value?.arrayValue !== undefined) {
    return { arrayValue: { values: [{ stringValue: secret }, { stringValue: `b ${secret}` }] } };
  }
  if (value?.kvlistValue !== undefined) {
    return { kvlistValue: { values: [{ key: secret, value: { stringValue: secret } }] } };
  }
  // As long as prompts are: the secret at both ends.
  return { stringValue: `${secret} ${"please summarise ".repeat(20)}${secret}` };
}

/** The texts in a value that is looked at for its numbers. Short texts that people attach are kept on purpose. */
function insideOf(
  key: string,
  value: AnyValue | undefined,
  secret: (key: string) => string,
): AnyValue {
  const text = value?.stringValue ?? "";
  if (!/^\s*[{[]/.test(text)) return value ?? {};
  if (key === "metadata") return { stringValue: withContent(text, secret) };
  try {
    const replaced = replaceTexts(JSON.parse(text), (path) => secret(`${key}${path}`), "");
    return { stringValue: JSON.stringify(replaced) };
  } catch {
    // Python's way of writing it.
    return { stringValue: text.replace("{", `{'canary': '${secret(key)}', `) };
  }
}

/** Metadata with a text that is too long for a name, one inside an object, and one inside a list. */
function withContent(text: string, secret: (key: string) => string): string {
  return JSON.stringify({
    long: `${secret("long metadata")} ${"and so on ".repeat(30)}`,
    nested: { text: secret("nested metadata") },
    list: [secret("listed metadata")],
    ...(JSON.parse(text) as object),
  });
}

function replaceTexts(value: unknown, secret: (path: string) => string, path: string): unknown {
  if (Array.isArray(value)) {
    return [...value.map((entry) => replaceTexts(entry, secret, path)), secret(`${path}[]`)];
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      replaceTexts(entry, secret, `${path}.${key}`),
    ]);
    return { ...Object.fromEntries(entries), canary: secret(`${path}.canary`) };
  }
  return typeof value === "string" && contentKey.test(path) ? secret(path) : value;
}
