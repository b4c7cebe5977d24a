// What one would write first: express.raw, a decoder made from the schema, a row appender, a commit for each request.
import type { AddressInfo } from "node:net";
import { type DuckDBAppender, DuckDBInstance } from "@duckdb/node-api";
import express from "express";
import type protobuf from "protobufjs";
import { answerWithCpu } from "../child.ts";
import { otlpSchema } from "../otlp-schema.ts";

const [, , file = ""] = process.argv;

/** The attributes of the corpus' spans and resources, as somebody would list them who knows what comes. */
const texts = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.response.model",
  "gen_ai.response.id",
  "gen_ai.conversation.id",
  "server.address",
  "user.id",
  "app.feature",
  "app.tenant",
  "code.function.name",
];
const counts = [
  "gen_ai.request.max_tokens",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "gen_ai.usage.cache_read.input_tokens",
  "gen_ai.usage.reasoning.output_tokens",
  "server.port",
  "http.response.status_code",
  "thread.id",
];
const resourceTexts = [
  "service.name",
  "service.version",
  "deployment.environment.name",
  "telemetry.sdk.name",
  "telemetry.sdk.language",
  "telemetry.sdk.version",
  "host.name",
  "host.arch",
  "os.type",
  "process.runtime.name",
  "process.runtime.version",
];
const columns = [
  ...["trace_id", "span_id", "parent_span_id", "name"].map((name) => `${name} varchar`),
  "started_at bigint",
  "ended_at bigint",
  ...[...texts, ...resourceTexts].map((name) => `"${name}" varchar`),
  ...counts.map((name) => `"${name}" bigint`),
];

interface Value {
  readonly stringValue?: string;
  readonly intValue?: protobuf.Long;
}
interface KeyValue {
  readonly key: string;
  readonly value?: Value;
}
interface Span {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly startTimeUnixNano: protobuf.Long;
  readonly endTimeUnixNano: protobuf.Long;
  readonly attributes: readonly KeyValue[];
}
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const schema = await otlpSchema();
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
await connection.run(`create table spans (${columns.join(", ")})`);

function byName(list: readonly KeyValue[]): Map<string, Value | undefined> {
  return new Map(list.map(({ key, value }) => [key, value]));
}

function appendText(appender: DuckDBAppender, text: string | undefined): void {
  if (text === undefined || text === "") appender.appendNull();
  else appender.appendVarchar(text);
}

function appendSpan(
  appender: DuckDBAppender,
  span: Span,
  resource: ReadonlyMap<string, Value | undefined>,
): void {
  appender.appendVarchar(span.traceId.toString("hex"));
  appender.appendVarchar(span.spanId.toString("hex"));
  appendText(appender, span.parentSpanId.toString("hex"));
  appender.appendVarchar(span.name);
  appender.appendBigInt(BigInt(span.startTimeUnixNano.toString()));
  appender.appendBigInt(BigInt(span.endTimeUnixNano.toString()));
  const attributes = byName(span.attributes);
  for (const key of texts) appendText(appender, attributes.get(key)?.stringValue);
  for (const key of resourceTexts) appendText(appender, resource.get(key)?.stringValue);
  for (const key of counts) {
    const count = attributes.get(key)?.intValue;
    if (count === undefined || count === null) appender.appendNull();
    else appender.appendBigInt(BigInt(count.toString()));
  }
  appender.endRow();
}

/** One request after the other: a connection has one transaction at a time. */
let storing: Promise<unknown> = Promise.resolve();

async function store({ resourceSpans }: Request): Promise<void> {
  await connection.run("begin");
  const appender = await connection.createAppender("spans");
  for (const { resource, scopeSpans } of resourceSpans) {
    const ofResource = byName(resource.attributes);
    for (const { spans } of scopeSpans) {
      for (const span of spans) appendSpan(appender, span, ofResource);
    }
  }
  appender.closeSync();
  await connection.run("commit");
}

const app = express();
app.use(express.raw({ type: () => true, limit: "64mb" }));
app.post("/v1/traces", (request, response, next) => {
  const decoded = schema.decode(request.body) as unknown as Request;
  storing = storing.then(() => store(decoded)).then(() => response.end(), next);
});
const server = app.listen(0, "127.0.0.1", () =>
  answerWithCpu((server.address() as AddressInfo).port),
);
