import { encodeRequest, type OtlpAttribute, type OtlpValue } from "@spancost/receiver";
import { describe, expect, test } from "vitest";
import { MessageWriter } from "../../packages/receiver/src/forwarding/message-writer.ts";
import { captures, factsOf, readCapture, splice } from "./captured.ts";
import { labels } from "./labels.ts";
import {
  type DecodedAttribute,
  type DecodedRequest,
  type DecodedValue,
  decode,
  encode,
  spansOf,
  valuesOf,
} from "./otlp.ts";

const secret = "CANARY";

/** `capture` with a secret in each text that is no label, and the keys that it was put under. */
function poisoned(capture: string): { body: Buffer; keys: Set<string> } {
  const keys = new Set<string>();
  const poison = (attributes: readonly DecodedAttribute[] = []): DecodedAttribute[] =>
    attributes.map((attribute) => {
      if (labels.has(attribute.key.replace(/\d+/g, "N"))) return attribute;
      const value = withSecret(attribute.value);
      if (JSON.stringify(value).includes(secret)) keys.add(attribute.key);
      return { ...attribute, value };
    });
  const request = decode(readCapture(capture));
  for (const resource of request.resourceSpans ?? []) {
    Object.assign(resource.resource ?? {}, { attributes: poison(resource.resource?.attributes) });
    for (const { scope } of resource.scopeSpans ?? []) {
      Object.assign(scope ?? {}, { attributes: poison(scope?.attributes) });
    }
  }
  for (const span of spansOf(request)) {
    span.attributes = poison(span.attributes);
    for (const event of span.events ?? []) event.attributes = poison(event.attributes);
    for (const link of span.links ?? []) link.attributes = poison(link.attributes);
    span.status = { ...span.status, message: `${span.status?.message} ${secret}` };
  }
  return { body: encode(request), keys };
}

/** The same value, with the secret in every text in it; bytes are in base64. */
function withSecret(value: unknown): DecodedValue {
  const text = JSON.stringify(value ?? {});
  return JSON.parse(
    text.replace(
      /("stringValue":")((?:[^"\\]|\\.)*)"/g,
      (_, key, old) => `${key}${old} ${secret}"`,
    ),
  );
}

describe.each(captures)("%s", (capture) => {
  const { body, keys } = poisoned(capture);
  const sent = splice(body, "strip");

  test("tells no content", () => {
    const told = sent.includes(secret) ? [...keys].filter((key) => sent.includes(key)) : [];
    expect(told).toEqual([]);
    expect(sent.includes(secret)).toBe(false);
  });

  test("keeps its spans, and what is no content of them", () => {
    const before = spansOf(decode(body));
    const after = spansOf(decode(sent));
    const names = factsOf(body).map(({ name }) => ({ name }));
    expect(after.map(withoutContent)).toEqual(
      before.map((span, index) => ({ ...withoutContent(span), ...names[index] })),
    );
    for (const [index, span] of before.entries()) {
      const events = after[index]?.events ?? [];
      expect(events.map(({ name }) => name)).toEqual((span.events ?? []).map(({ name }) => name));
      const left = new Set((after[index]?.attributes ?? []).map((entry) => JSON.stringify(entry)));
      const missing = (span.attributes ?? []).filter(
        (entry) => goesOn(entry) && !left.has(JSON.stringify(entry)),
      );
      expect(missing).toEqual([]);
    }
  });

  test("has the cost of each call all the same", () => {
    const costs = (bytes: Uint8Array) =>
      spansOf(decode(bytes)).map((span) => valuesOf(span, "gen_ai.usage.cost"));
    expect(costs(sent)).toEqual(costs(splice(body, "keep", factsOf(body))));
  });
});

/** Whether an attribute is a number or a truth, or a label in plain text. */
function goesOn({ key, value }: DecodedAttribute): boolean {
  if (/^(?:spancost\.|gen_ai\.usage\.cost$)/.test(key)) return false;
  const [kind, content] = Object.entries(value ?? {})[0] ?? [];
  if (kind === "stringValue") {
    return labels.has(key.replace(/\d+/g, "N")) && !/^(?:[{["]|null$)/.test(String(content));
  }
  return kind === "intValue" || kind === "doubleValue" || kind === "boolValue";
}

function withoutContent(span: object): object {
  const { attributes, events, links, status, ...rest } = span as Record<string, unknown>;
  return { ...rest, code: (status as { code?: string } | undefined)?.code ?? "STATUS_CODE_UNSET" };
}

test.each(["crewai-openinference/two-tasks", "crewai-openllmetry/two-tasks"])(
  "%s: the task in a name of a span does not go on",
  (capture) => {
    const body = readCapture(`${capture}.traces.otlp`);
    const asks = /what is the weather/i;
    expect(splice(body, "keep").toString("latin1")).toMatch(asks);
    expect(splice(body, "strip").toString("latin1")).not.toMatch(asks);
  },
);

test("the recorded emitters have content to strip", () => {
  const keys = new Set(captures.flatMap((capture) => [...poisoned(capture).keys]));
  expect(keys.size).toBeGreaterThan(200);
});

/** The request that goes on for one span with one attribute. */
function sentWith(attribute: OtlpAttribute): DecodedRequest {
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    attributes: [attribute],
  };
  const body = encodeRequest({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  return decode(splice(body, "strip", []));
}

function goesThrough(key: string, value: OtlpValue): boolean {
  const [span] = spansOf(sentWith({ key, value }));
  return (span?.attributes ?? []).length === 1;
}

describe("names that no emitter here has", () => {
  test.each([
    "gen_ai.input.messages.v2",
    "gen_ai.retrieval.documents",
    "gen_ai.evaluation.explanation",
    "retrieval.documents.0.document.content",
    "reranker.query",
    "llm.prompts.0.content",
    "llm.prompt_template.template",
    "langfuse.trace.input",
    "crewai.task.expected_output",
    "ai.response.files",
    "new_agent.scratchpad.text",
    "app.question",
    "userInput",
    "chat_history",
    "db.query.text",
    "db.statement",
    "process.command_args",
    "http.request.body",
  ])("%s is content", (key) => {
    expect(goesThrough(key, { stringValue: "short" })).toBe(false);
    expect(goesThrough(key, { arrayValue: { values: [{ stringValue: "short" }] } })).toBe(false);
    expect(goesThrough(key, { arrayValue: { values: [{ doubleValue: 0.5 }] } })).toBe(false);
    expect(goesThrough(key, { bytesValue: "AAEC" })).toBe(false);
    expect(goesThrough(key, { intValue: 7 })).toBe(true);
    expect(goesThrough(key, { boolValue: true })).toBe(true);
    expect(goesThrough(key, { stringValue: "" })).toBe(true);
  });

  test.each([
    "order.id",
    "app.feature",
    "tenant",
    "messaging.message.id",
    "messaging.destination.name",
    "db.system",
    "db.operation.name",
    "http.route",
    "gen_ai.prompt.name",
    "gen_ai.output.type",
    "k8s.pod.name",
    "baggage.plan",
    "spancost.tag.plan",
    "langfuse.trace.metadata.plan",
  ])("%s is none", (key) => {
    expect(goesThrough(key, { stringValue: "short" })).toBe(true);
    expect(goesThrough(key, { arrayValue: { values: [{ stringValue: "short" }] } })).toBe(true);
    expect(goesThrough(key, { stringValue: "x".repeat(1024) })).toBe(true);
  });
});

describe("under any name", () => {
  test.each<[string, OtlpValue]>([
    ["text of more than 1,024 bytes", { stringValue: "é".repeat(513) }],
    ["JSON", { stringValue: '{"a":1}' }],
    ["a list of JSON", { arrayValue: { values: [{ stringValue: "[1]" }] } }],
    [
      "a long list",
      { arrayValue: { values: Array.from({ length: 200 }, () => ({ stringValue: "word" })) } },
    ],
    ["a list of lists", { arrayValue: { values: [{ arrayValue: {} }] } }],
    ["a map", { kvlistValue: { values: [{ key: "a", value: { intValue: 1 } }] } }],
    ["bytes", { bytesValue: "AAEC" }],
  ])("%s does not go on", (_, value) => {
    expect(goesThrough("order.id", value)).toBe(false);
  });

  test("a name of more than 256 bytes does not go on", () => {
    expect(goesThrough("a".repeat(257), { intValue: 1 })).toBe(false);
  });
});

describe("an attribute that is not as it should be", () => {
  /** A span with one attribute whose `KeyValue` is written by `write`. */
  function sent(write: (writer: MessageWriter) => void): Buffer {
    const writer = new MessageWriter();
    for (const tag of [0x0a, 0x12, 0x12]) writer.open(tag);
    writer.bytes(1, Buffer.alloc(16, 1));
    writer.bytes(2, Buffer.alloc(8, 2));
    writer.open(0x4a);
    write(writer);
    for (let level = 0; level < 4; level += 1) writer.close();
    return splice(Buffer.from(writer.written()), "strip", []);
  }
  const value = (writer: MessageWriter, ...texts: string[]) => {
    writer.open(0x12);
    for (const text of texts) writer.text(1, text);
    writer.close();
  };

  test.each<[string, (writer: MessageWriter) => void]>([
    [
      "with two names",
      (writer) => {
        writer.text(1, "gen_ai.prompt");
        writer.text(1, "order.id");
        value(writer, secret);
      },
    ],
    [
      "with two values",
      (writer) => {
        writer.text(1, "order.id");
        value(writer, secret);
        value(writer, "1");
      },
    ],
    ["without a name", (writer) => value(writer, secret)],
    [
      "with a field that nobody knows",
      (writer) => {
        writer.text(1, "order.id");
        value(writer, "1");
        writer.text(7, secret);
      },
    ],
    [
      "whose number has a text before it",
      (writer) => {
        writer.text(1, "gen_ai.prompt");
        writer.open(0x12);
        writer.text(1, secret);
        writer.int64(3, 1n);
        writer.close();
      },
    ],
  ])("%s does not go on", (_, write) => {
    const bytes = sent(write);
    expect(spansOf(decode(bytes))).toHaveLength(1);
    expect(bytes.includes(secret)).toBe(false);
  });
});
