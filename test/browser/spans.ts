/** A call to a model as OTLP/JSON, just now or at another time (milliseconds since 1970), with names of one's own. */
export function modelCall(names: {
  readonly span: string;
  readonly feature: string;
  readonly service: string;
  readonly at?: number;
}) {
  const start = BigInt(names.at ?? Date.now() - 2_000) * 1_000_000n;
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });
  const id = (length: number) =>
    Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  const traceId = id(32);
  const body = {
    resourceSpans: [
      {
        resource: {
          attributes: [text("service.name", names.service), text("service.version", "1.0.0")],
        },
        scopeSpans: [
          {
            scope: { name: "test" },
            spans: [
              {
                traceId,
                spanId: id(16),
                name: names.span,
                kind: 3,
                startTimeUnixNano: String(start),
                endTimeUnixNano: String(start + 1_500_000_000n),
                attributes: [
                  text("gen_ai.operation.name", "chat"),
                  text("gen_ai.provider.name", "openai"),
                  text("gen_ai.request.model", "gpt-5-mini"),
                  text("spancost.feature", names.feature),
                  whole("gen_ai.usage.input_tokens", 1_000_000),
                  whole("gen_ai.usage.output_tokens", 0),
                ],
              },
            ],
          },
        ],
      },
    ],
  };
  return { traceId, body: JSON.stringify(body) };
}

/** Sends it to a receiver. */
export async function sendCall(otlpUrl: string, body: string): Promise<void> {
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
}
