import type { SpanFacts } from "@spancost/records";
import { PayloadReader } from "./payload-reader.ts";

/** Spans as a `FactsWriter` wrote them, without what it reserved. */
export interface WrittenFacts {
  readonly spans: number;
  readonly payload: Buffer;
}

/**
 * The spans of `frames`.
 *
 * @throws RangeError where a payload ends too early or is something else
 */
export function readFacts(...frames: readonly WrittenFacts[]): SpanFacts[] {
  const facts: SpanFacts[] = [];
  for (const { payload, spans } of frames) {
    const reader = new FactsReader(payload);
    for (let count = 0; count < spans; count++) facts.push(reader.read());
    if (!reader.done) throw new RangeError("more bytes than spans");
  }
  return facts;
}

class FactsReader {
  readonly #payload: PayloadReader;
  readonly #texts: string[] = [];
  readonly #traces: string[] = [];

  constructor(bytes: Buffer) {
    this.#payload = new PayloadReader(bytes);
  }

  get done(): boolean {
    return this.#payload.done;
  }

  /** One line for each field, in the order of their bits. */
  read(): SpanFacts {
    this.#payload.nextSpan();
    const facts = {
      failed: this.#has(0),
      modelRequest: this.#has(1),
      servedFromCache: this.#has(2),
      traceId: this.#has(3) ? this.#trace() : undefined,
      spanId: this.#has(4) ? this.#span() : undefined,
      parentSpanId: this.#has(5) ? this.#span() : undefined,
      startedAt: this.#has(6) ? this.#time() : undefined,
      endedAt: this.#has(7) ? this.#time() : undefined,
      pricedAt: this.#has(8) ? this.#time() : undefined,
      name: this.#has(9) ? this.#text() : undefined,
      node: this.#has(10) ? this.#text() : undefined,
      errorType: this.#has(11) ? this.#text() : undefined,
      service: this.#has(12) ? this.#text() : undefined,
      environment: this.#has(13) ? this.#text() : undefined,
      release: this.#has(14) ? this.#text() : undefined,
      account: this.#has(15) ? this.#text() : undefined,
      region: this.#has(16) ? this.#text() : undefined,
      feature: this.#has(17) ? this.#text() : undefined,
      team: this.#has(18) ? this.#text() : undefined,
      userId: this.#has(19) ? this.#text() : undefined,
      conversationId: this.#has(20) ? this.#text() : undefined,
      agent: this.#has(21) ? this.#text() : undefined,
      promptName: this.#has(22) ? this.#text() : undefined,
      promptVersion: this.#has(23) ? this.#text() : undefined,
      defaultFeature: this.#has(24) ? this.#text() : undefined,
      defaultTeam: this.#has(25) ? this.#text() : undefined,
      defaultUserId: this.#has(26) ? this.#text() : undefined,
      defaultConversationId: this.#has(27) ? this.#text() : undefined,
      tool: this.#has(28) ? this.#text() : undefined,
      operation: this.#has(29) ? this.#text() : undefined,
      provider: this.#has(30) ? this.#text() : undefined,
      requestModel: this.#has(31) ? this.#text() : undefined,
      responseModel: this.#has(32) ? this.#text() : undefined,
      serviceTier: this.#has(33) ? this.#text() : undefined,
      emitter: this.#has(34) ? this.#text() : undefined,
      emitterVersion: this.#has(35) ? this.#text() : undefined,
      dialect: this.#has(36) ? this.#text() : undefined,
      usageQuality: this.#has(37) ? this.#text() : undefined,
      usageIssue: this.#has(38) ? this.#text() : undefined,
      unpricedReason: this.#has(39) ? this.#text() : undefined,
      priceSource: this.#has(40) ? this.#text() : undefined,
      priceId: this.#has(41) ? this.#text() : undefined,
      responseId: this.#has(42) ? this.#own() : undefined,
      kind: this.#has(43) ? this.#number() : undefined,
      units: this.#has(44) ? this.#number() : undefined,
      statedRetryCount: this.#has(45) ? this.#number() : undefined,
      statedLoopIteration: this.#has(46) ? this.#number() : undefined,
      statedAgentDepth: this.#has(47) ? this.#number() : undefined,
      httpStatus: this.#has(48) ? this.#number() : undefined,
      inputTokens: this.#has(49) ? this.#number() : undefined,
      cacheReadTokens: this.#has(50) ? this.#number() : undefined,
      cacheWriteTokens: this.#has(51) ? this.#number() : undefined,
      cacheWrite1hTokens: this.#has(52) ? this.#number() : undefined,
      outputTokens: this.#has(53) ? this.#number() : undefined,
      reasoningTokens: this.#has(54) ? this.#number() : undefined,
      inputAudioTokens: this.#has(55) ? this.#number() : undefined,
      inputImageTokens: this.#has(56) ? this.#number() : undefined,
      cacheReadAudioTokens: this.#has(57) ? this.#number() : undefined,
      outputAudioTokens: this.#has(58) ? this.#number() : undefined,
      outputImageTokens: this.#has(59) ? this.#number() : undefined,
      webSearches: this.#has(60) ? this.#number() : undefined,
      costUsd: this.#has(61) ? this.#money() : undefined,
      inputCostUsd: this.#has(62) ? this.#money() : undefined,
      cacheReadCostUsd: this.#has(63) ? this.#money() : undefined,
      cacheWriteCostUsd: this.#has(64) ? this.#money() : undefined,
      outputCostUsd: this.#has(65) ? this.#money() : undefined,
      otherCostUsd: this.#has(66) ? this.#money() : undefined,
      reportedCostUsd: this.#has(67) ? this.#money() : undefined,
      tags: this.#has(68) ? this.#tags() : undefined,
    } satisfies { readonly [Field in keyof Required<SpanFacts>]: unknown };
    return facts as unknown as SpanFacts;
  }

  #has(index: number): boolean {
    return ((this.#payload.bits[index >> 3] as number) & (1 << (index & 7))) !== 0;
  }

  #text(): string {
    const index = this.#payload.varint();
    if (index > 0) return known(this.#texts, index);
    const text = this.#own();
    this.#texts.push(text);
    return text;
  }

  #trace(): string {
    const index = this.#payload.varint();
    if (index > 0) return known(this.#traces, index);
    const id = this.#hex(16);
    this.#traces.push(id);
    return id;
  }

  #own(): string {
    const length = this.#payload.varint();
    const start = this.#payload.advance(length);
    return this.#payload.bytes.toString("utf8", start, start + length);
  }

  #span(): string {
    return this.#hex(8);
  }

  #time(): number {
    return this.#payload.double();
  }

  #number(): number {
    return this.#payload.number();
  }

  #money(): bigint {
    return this.#payload.view.getBigInt64(this.#payload.advance(8), true);
  }

  #tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (let left = this.#payload.varint(); left > 0; left--) tags.set(this.#text(), this.#text());
    return tags;
  }

  #hex(bytes: number): string {
    const start = this.#payload.advance(bytes);
    return this.#payload.bytes.toString("hex", start, start + bytes);
  }
}

function known(table: readonly string[], index: number): string {
  const text = table[index - 1];
  if (text === undefined) throw new RangeError(`text ${index} of ${table.length}`);
  return text;
}
