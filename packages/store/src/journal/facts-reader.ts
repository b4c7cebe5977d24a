import type { SpanFacts } from "@spancost/records";
import { mostBitBytes } from "./fact-bits.ts";

/** Spans as a `FactsWriter` wrote them, without what it reserved. */
export interface WrittenFacts {
  readonly spans: number;
  readonly payload: Buffer;
}

/**
 * The spans of `frames`, in batches of `size`; only the last may be smaller.
 *
 * @throws RangeError where a payload ends too early or is something else
 */
export function* readBatches(
  frames: Iterable<WrittenFacts>,
  size: number,
): Generator<readonly SpanFacts[]> {
  let batch: SpanFacts[] = [];
  for (const { payload, spans } of frames) {
    const reader = new FactsReader(payload);
    for (let count = 0; count < spans; count++) {
      batch.push(reader.read());
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (!reader.done) throw new RangeError("more bytes than spans");
  }
  if (batch.length > 0) yield batch;
}

/** All of them at once. */
export function readFacts(...frames: readonly WrittenFacts[]): SpanFacts[] {
  return [...readBatches(frames, Number.POSITIVE_INFINITY)].flat();
}

class FactsReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #texts: string[] = [];
  readonly #traces: string[] = [];
  readonly #bits = new Uint8Array(mostBitBytes);
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get done(): boolean {
    return this.#position === this.#bytes.byteLength;
  }

  /** One line for each field, in the order of their bits. */
  read(): SpanFacts {
    const bytes = this.#bytes.readUInt8(this.#position);
    if (bytes > mostBitBytes) throw new RangeError(`${bytes} bytes of bits`);
    const bitsAt = this.#advance(1 + bytes) + 1;
    for (let byte = 0; byte < mostBitBytes; byte++) {
      this.#bits[byte] = byte < bytes ? (this.#bytes[bitsAt + byte] as number) : 0;
    }
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
    return ((this.#bits[index >> 3] as number) & (1 << (index & 7))) !== 0;
  }

  #text(): string {
    const index = this.#varint();
    if (index > 0) return known(this.#texts, index);
    const text = this.#string();
    this.#texts.push(text);
    return text;
  }

  #trace(): string {
    const index = this.#varint();
    if (index > 0) return known(this.#traces, index);
    const id = this.#hex(16);
    this.#traces.push(id);
    return id;
  }

  #own(): string {
    return this.#string();
  }

  #span(): string {
    return this.#hex(8);
  }

  #time(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  #money(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  #tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (let left = this.#varint(); left > 0; left--) tags.set(this.#text(), this.#text());
    return tags;
  }

  #hex(bytes: number): string {
    const start = this.#advance(bytes);
    return this.#bytes.toString("hex", start, start + bytes);
  }

  #string(): string {
    const length = this.#varint();
    const start = this.#advance(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  #number(): number {
    const value = this.#varint();
    return value > 0 ? value - 1 : this.#view.getFloat64(this.#advance(8), true);
  }

  #varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#bytes[this.#advance(1)] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 128;
    }
  }

  #advance(bytes: number): number {
    const start = this.#position;
    if (start + bytes > this.#bytes.byteLength) throw new RangeError("spans end too early");
    this.#position = start + bytes;
    return start;
  }
}

function known(table: readonly string[], index: number): string {
  const text = table[index - 1];
  if (text === undefined) throw new RangeError(`text ${index} of ${table.length}`);
  return text;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
