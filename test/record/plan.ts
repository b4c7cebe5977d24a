/** What the model server answers to one call, and what it bills for it. */
export interface Turn {
  /** Counts in spancost's meaning: input includes caches, output includes reasoning, both include sound. */
  readonly input?: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  /** The part of `cacheWrite` that is kept for an hour. */
  readonly cacheWrite1h?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
  readonly webSearches?: number;
  /** Statuses of the attempts that fail before this answer. */
  readonly failures?: readonly number[];
  /** Nothing but the failures: no answer follows. */
  readonly failsForGood?: boolean;
  /** The answer is a call of this tool instead of a text. */
  readonly tool?: ToolCall;
  readonly text?: string;
  /** Milliseconds until the answer begins. */
  readonly delay?: number;
  readonly serviceTier?: string;
}

export interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A turn with every count. */
export interface Counts {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
  readonly inputAudio: number;
  readonly outputAudio: number;
  readonly webSearches: number;
}

export function countsOf(turn: Turn): Counts {
  return {
    input: turn.input ?? 1000,
    cached: turn.cached ?? 0,
    cacheWrite: turn.cacheWrite ?? 0,
    cacheWrite1h: turn.cacheWrite1h ?? 0,
    output: turn.output ?? 100,
    reasoning: turn.reasoning ?? 0,
    inputAudio: turn.inputAudio ?? 0,
    outputAudio: turn.outputAudio ?? 0,
    webSearches: turn.webSearches ?? 0,
  };
}

function weather(city: string): ToolCall {
  return { name: "get_weather", args: { city } };
}

/**
 * What is asked and billed, by name. The numbers have nothing to do with the length of any text, so that an
 * emitter's estimate can never be right by luck, and no two sums of them are equal.
 */
export const plans = {
  chat: [{ input: 1523, cached: 1024, output: 311, reasoning: 128 }],
  cacheWrite: [{ input: 2100, cached: 1024, cacheWrite: 512, output: 211, reasoning: 64 }],
  stream: [
    {
      input: 1777,
      cached: 1280,
      output: 419,
      reasoning: 192,
      text: "Streaming answer with several words in it for the user to read slowly",
    },
  ],
  audio: [{ input: 1600, cached: 512, output: 340, inputAudio: 700, outputAudio: 260 }],
  search: [{ input: 2600, output: 190, webSearches: 3 }],
  embeddings: [{ input: 42, output: 0 }],
  retry: [{ failures: [429, 429], input: 1333, output: 222, reasoning: 32 }],
  exhausted: [{ failures: [429, 429, 429], failsForGood: true }],
  loop: [
    { input: 1100, output: 61, reasoning: 32, tool: weather("Paris") },
    { input: 1250, cached: 1024, output: 73, reasoning: 16, tool: weather("Rome") },
    { input: 1400, cached: 1152, output: 47, tool: weather("Oslo") },
    { input: 1530, cached: 1280, output: 205, reasoning: 96, text: "All three are sunny." },
  ],
  loopRetry: [
    { input: 1100, output: 61, reasoning: 32, tool: weather("Paris") },
    {
      failures: [429, 429],
      input: 1250,
      cached: 1024,
      output: 73,
      reasoning: 16,
      tool: weather("Rome"),
    },
    { input: 1400, cached: 1152, output: 47, text: "Two cities are sunny." },
  ],
  two: [
    { input: 1100, cached: 512, output: 61, reasoning: 32, text: "It is sunny." },
    { input: 1250, cached: 1024, output: 73, text: "It stays sunny." },
  ],
  nested: [
    {
      input: 1100,
      output: 61,
      reasoning: 32,
      tool: { name: "ask_writer", args: { input: "Paris", objective: "Paris" } },
    },
    { input: 900, cached: 512, output: 50, reasoning: 16, text: "It is sunny." },
    { input: 1250, cached: 1024, output: 73, text: "It is sunny in Paris." },
  ],
  query: [
    { input: 42, output: 0 },
    { input: 43, output: 0 },
    { input: 900, cached: 512, output: 50, reasoning: 16, text: "It is sunny." },
    { input: 950, cached: 640, output: 60, text: "It is sunny in both." },
  ],
  anthropic: [{ input: 3120, cached: 2000, cacheWrite: 1024, output: 257 }],
  anthropicHour: [{ input: 3120, cached: 2000, cacheWrite: 1024, cacheWrite1h: 1024, output: 257 }],
  anthropicStream: [
    {
      input: 4200,
      cached: 3000,
      cacheWrite: 700,
      output: 333,
      text: "A streamed answer of some words",
    },
  ],
  anthropicRetry: [{ failures: [529, 429], input: 2222, cached: 1500, output: 144 }],
  anthropicLoop: [
    { input: 2100, cacheWrite: 1024, output: 61, reasoning: 32, tool: weather("Paris") },
    {
      input: 2250,
      cached: 1024,
      cacheWrite: 640,
      output: 73,
      reasoning: 16,
      tool: weather("Rome"),
    },
    { input: 2400, cached: 1664, output: 147, text: "Two cities are sunny." },
  ],
} as const satisfies Readonly<Record<string, readonly Turn[]>>;

export type PlanName = keyof typeof plans;
