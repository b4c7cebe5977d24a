import type { OtlpAttribute, OtlpRequest } from "@spancost/receiver";
import { Random } from "../../packages/cli/src/demo/random.ts";

type Name = readonly [provider: string, model: string];

/** Models with flat rates, with rates for long prompts, with tiers, by the hour, and one that nobody sells. */
const models: readonly [first: Name, ...others: Name[]] = [
  ["openai", "gpt-5-mini"],
  ["openai", "gpt-5.4"],
  ["OpenAI.Chat", "gpt-4.1-mini"],
  ["anthropic", "claude-sonnet-4-5"],
  ["aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
  ["gcp.gemini", "gemini-2.5-pro"],
  ["deepseek", "deepseek-chat"],
  ["openai", "no-such-model"],
];

/** Scopes of dialects with different meanings, known and not. */
const scopes = [
  "hand-made",
  "openlit.instrumentation.anthropic",
  "opentelemetry.instrumentation.genai.openai",
  "@traceloop/instrumentation-openai",
  "com.anthropic.sdk.python",
  "litellm",
] as const;

const tiers = ["default", "Priority", "flex", "batch", "odd"];

/** So many model calls with counts of all sizes, some of which contradict each other or are none. */
export function oddSpans(count: number, seed: number): OtlpRequest {
  const random = new Random(seed);
  const below = (limit: number) => Math.floor(random.next() * limit);
  return {
    resourceSpans: Array.from({ length: count }, (_, nth) => {
      const [provider, model] = random.pick(models);
      const input = below(random.pick([10, 5_000, 300_000]));
      const reads = below(random.chance(0.9) ? input + 1 : input + 500);
      const writes = random.chance(0.3) ? below(input - reads + 2) : 0;
      const output = below(5_000);
      /** The sound value nine times in ten. */
      const mostly = <Value>(sound: Value, ...odd: Value[]) =>
        random.chance(0.9) ? sound : (odd[below(odd.length)] ?? sound);
      const attributes = asAttributes({
        "gen_ai.operation.name": mostly("chat", "embeddings", "invoke_agent"),
        [mostly("gen_ai.provider.name", "gen_ai.system")]: provider,
        "gen_ai.request.model": model,
        "gen_ai.response.model": random.chance(0.5) ? model : undefined,
        "gen_ai.usage.input_tokens": mostly<string | number | undefined>(
          input,
          ...[-1, 1.5, "12", undefined],
        ),
        "gen_ai.usage.output_tokens": mostly<number | undefined>(output, undefined, 0),
        "gen_ai.usage.cache_read.input_tokens": mostly<number | undefined>(reads, 0, undefined),
        "gen_ai.usage.cache_creation.input_tokens": mostly<number | undefined>(writes, undefined),
        "gen_ai.usage.cache_creation.1h_input_tokens": random.chance(0.2)
          ? below(writes + 2)
          : undefined,
        "gen_ai.usage.reasoning.output_tokens": random.chance(0.5) ? below(output + 2) : undefined,
        "gen_ai.usage.total_tokens": mostly<number | undefined>(
          undefined,
          ...[input + output, input + output + reads + writes, 7],
        ),
        "gen_ai.response.service_tier": mostly<string | undefined>(undefined, ...tiers),
        "gen_ai.usage.cost": random.chance(0.1) ? 0.5 : undefined,
      });
      const id = (nth + 1).toString(16);
      const span = {
        traceId: `0dd5${id.padStart(28, "0")}`,
        spanId: id.padStart(16, "0"),
        name: "chat",
        kind: 3,
        startTimeUnixNano: "1795224000000000000",
        endTimeUnixNano: "1795224001000000000",
        attributes,
      };
      return { scopeSpans: [{ scope: { name: random.pick(scopes) }, spans: [span] }] };
    }),
  };
}

function asAttributes(values: Record<string, string | number | undefined>): OtlpAttribute[] {
  return Object.entries(values).flatMap(([key, value]): OtlpAttribute[] => {
    if (value === undefined) return [];
    if (typeof value === "string") return [{ key, value: { stringValue: value } }];
    return [{ key, value: Number.isInteger(value) ? { intValue: value } : { doubleValue: value } }];
  });
}
