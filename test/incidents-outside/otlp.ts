/** Requests as the OTLP/JSON lines that a Collector's file exporter writes, after OpenTelemetry's GenAI conventions. */
import type { Call } from "./calls.ts";
import type { Happening } from "./causes.ts";
import { Draw } from "./draw.ts";
import type { World } from "./requests.ts";

type Value = string | number | readonly string[];

/** One line per process and batch, as exporters send them. */
export function* linesOf(world: World, happenings: readonly Happening[]): Generator<string> {
  const batch = 2000;
  for (let index = 0; index < happenings.length; index += batch) {
    const groups = Map.groupBy(happenings.slice(index, index + batch), ({ request }) =>
      ["service", "release", "environment", "region"]
        .map((label) => request.labels[label])
        .join(" "),
    );
    for (const group of groups.values()) {
      const spans = group.flatMap((happening) => spansOf(world, happening));
      const scopeSpans = [{ scope: { name: "opentelemetry.instrumentation.genai" }, spans }];
      const resource = { attributes: resourceOf(group[0] as Happening) };
      yield `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] })}\n`;
    }
  }
}

function resourceOf({ request: { labels } }: Happening) {
  return attributesOf({
    "service.name": labels["service"],
    "service.version": labels["release"],
    "deployment.environment.name": labels["environment"],
    "cloud.region": labels["region"],
  });
}

function spansOf(world: World, { request, calls }: Happening): unknown[] {
  const { labels, feature } = request;
  const draw = new Draw(world.seed, "trace", request.key);
  const traceId = hex(draw, 4);
  const root = hex(draw, 2);
  const ends = (calls.at(-1)?.ends ?? request.at) + 5;
  const spans = [
    spanOf(traceId, root, undefined, `POST /${feature.name}`, 2, request.at, ends, {
      "http.request.method": "POST",
      "http.route": `/${feature.name}`,
      "app.feature": labels["feature"],
      "user.id": labels["user_id"],
      "app.team": labels["team"],
      "spancost.tag.tenant": labels["tag:tenant"],
    }),
  ];
  let parent = root;
  if (feature.agent !== undefined) {
    parent = hex(draw, 2);
    const name = `invoke_agent ${feature.agent}`;
    const said = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": feature.agent };
    spans.push(spanOf(traceId, parent, root, name, 1, request.at + 2, ends - 2, said));
  }
  let before: Call | undefined;
  for (const call of calls) {
    const tool = call.labels["tool"];
    if (tool && before !== undefined && before.step < call.step) {
      const said = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool };
      const [from, to] = [before.ends + 5, call.at - 5];
      spans.push(spanOf(traceId, hex(draw, 2), parent, `execute_tool ${tool}`, 1, from, to, said));
    }
    spans.push(callSpan(traceId, hex(draw, 2), parent, call));
    before = call;
  }
  return spans;
}

function callSpan(traceId: string, spanId: string, parent: string, call: Call) {
  const model = call.labels["model"];
  const span = spanOf(traceId, spanId, parent, `chat ${model}`, 3, call.at, call.ends, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": call.labels["provider"],
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.response.finish_reasons": call.cut ? undefined : ["stop"],
    "gen_ai.usage.input_tokens": call.input,
    "gen_ai.usage.output_tokens": call.output,
    "gen_ai.usage.cache_read.input_tokens": call.read || undefined,
    "gen_ai.usage.cache_write.input_tokens": call.write || undefined,
    "error.type": call.cut ? "timeout" : undefined,
  });
  return call.cut ? { ...span, status: { code: 2 } } : span;
}

function spanOf(
  traceId: string,
  spanId: string,
  parentSpanId: string | undefined,
  name: string,
  kind: number,
  from: number,
  to: number,
  said: Readonly<Record<string, Value | null | undefined>>,
) {
  const attributes = attributesOf(said);
  const [startTimeUnixNano, endTimeUnixNano] = [`${from}000000`, `${to}000000`];
  const ids = parentSpanId === undefined ? { traceId, spanId } : { traceId, spanId, parentSpanId };
  return { ...ids, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status: {} };
}

function attributesOf(said: Readonly<Record<string, Value | null | undefined>>) {
  return Object.entries(said).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: toValue(value) }],
  );
}

function toValue(value: Value) {
  if (typeof value === "number") return { intValue: String(value) };
  if (typeof value === "string") return { stringValue: value };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

/** As many words of 32 bits. */
function hex(draw: Draw, words: number): string {
  return Array.from({ length: words }, () =>
    Math.floor(draw.unit() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  ).join("");
}
