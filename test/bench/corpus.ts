import { encodeRequest, type OtlpAttribute, type OtlpSpan } from "@spancost/receiver";
import { attributes } from "./model-calls.ts";
import { hex, sequence } from "./random.ts";

/** Spans of one trace of the corpus: an HTTP request, an agent run, four model calls, each but the last with a tool. */
export const spansPerTrace = 9;

/**
 * OTLP requests in protobuf that hold `traces` traces of an agent, about 512 spans each, two services.
 *
 * Shaped as measured in real services: 20 attributes on a call, of which 12 are the conventions'. Numbers come
 * from a fixed sequence, so every run measures the same bytes.
 */
export function* corpus(traces: number): Generator<Uint8Array> {
  const random = sequence(42);
  const perRequest = Math.floor(512 / spansPerTrace);
  for (let first = 0; first < traces; first += perRequest) {
    const groups: [app: OtlpSpan[], sdk: OtlpSpan[]][] = [
      [[], []],
      [[], []],
    ];
    for (let trace = first; trace < Math.min(first + perRequest, traces); trace++) {
      const group = groups[trace % 2];
      if (group !== undefined) addTrace(group, trace, random);
    }
    yield encodeRequest({
      resourceSpans: groups.map(([app, sdk], service) => ({
        resource: { attributes: resourceAttributes(service) },
        scopeSpans: [
          { scope: { name: "shop" }, spans: app },
          {
            scope: { name: "@opentelemetry/instrumentation-openai", version: "0.22.0" },
            spans: sdk,
          },
        ],
      })),
    });
  }
}

const start = Date.UTC(2026, 10, 1);
const models = ["gpt-5-mini", "gpt-5", "gpt-4o", "gpt-4.1-mini"];

function addTrace([app, sdk]: [OtlpSpan[], OtlpSpan[]], trace: number, random: () => number): void {
  const traceId = hex(random() * 2 ** 48, 16) + hex(trace + 1, 16);
  const at = start + trace * 40;
  const spanOf = (
    nth: number,
    parent: number | undefined,
    name: string,
    from: number,
    to: number,
  ) => ({
    traceId,
    spanId: hex((trace + 1) * 16 + nth, 16),
    ...(parent !== undefined && { parentSpanId: hex((trace + 1) * 16 + parent, 16) }),
    name,
    startTimeUnixNano: `${at + from}000000`,
    endTimeUnixNano: `${at + to}000000`,
    status: {},
  });
  const user = `u_${Math.floor(random() * 3000)}`;
  app.push({
    ...spanOf(0, undefined, "POST /api/ask", 0, 2000),
    kind: 2,
    attributes: attributes({
      "http.request.method": "POST",
      "http.route": "/api/ask",
      "http.response.status_code": 200,
      "app.feature": `feature-${trace % 12}`,
      "user.id": user,
      "session.id": `s_${trace}`,
    }),
  });
  app.push({
    ...spanOf(1, 0, "invoke_agent helper", 1, 1999),
    kind: 1,
    attributes: attributes({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "helper",
    }),
  });
  for (let step = 0; step < 4; step++) {
    const input = 400 + Math.floor(random() * 4000);
    const from = 10 + step * 480;
    sdk.push({
      ...spanOf(2 + step * 2, 1, "chat", from, from + 350),
      kind: 3,
      attributes: callAttributes(models[(trace + step) % 4] ?? "", input, step, trace),
    });
    if (step === 3) continue;
    app.push({
      ...spanOf(3 + step * 2, 1, "execute_tool search", from + 360, from + 440),
      kind: 1,
      attributes: attributes({
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "search",
      }),
    });
  }
}

function callAttributes(model: string, input: number, step: number, trace: number) {
  return attributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    "gen_ai.response.model": model,
    "gen_ai.response.id": `chatcmpl-${trace}-${step}`,
    "gen_ai.request.max_tokens": 1024,
    "gen_ai.request.temperature": 0.2,
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": 60 + step * 20,
    "gen_ai.usage.cache_read.input_tokens": Math.floor(input / 2),
    "gen_ai.usage.reasoning.output_tokens": step * 8,
    "gen_ai.conversation.id": `s_${trace}`,
    "server.address": "api.openai.com",
    "server.port": 443,
    "network.protocol.version": "1.1",
    "thread.id": 7,
    "code.function.name": "ask",
    "app.region": "eu-west-1",
    "app.plan": "pro",
    "app.shard": trace % 8,
  });
}

function resourceAttributes(service: number): OtlpAttribute[] {
  return attributes({
    "service.name": service === 0 ? "support-api" : "search-api",
    "service.version": "1.42.0",
    "deployment.environment.name": "prod",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.version": "2.12.0",
    "host.name": "host-1",
    "host.arch": "amd64",
    "os.type": "linux",
    "process.pid": 812,
    "process.runtime.name": "nodejs",
    "process.runtime.version": "24.21.0",
  });
}
