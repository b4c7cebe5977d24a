import type { SpanFacts } from "@spancost/records";
import { bitBytes } from "./fact-bits.ts";

/** Written as a number one larger, which must be exact too. */
const mostCount = Number.MAX_SAFE_INTEGER;
const mostMoney = 2n ** 63n - 1n;
const leastMoney = -(2n ** 63n);

/** The value of each hexadecimal digit by its character; 255 for what is none. */
const digitValues = new Uint8Array(128).fill(255);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  digitValues[digit.charCodeAt(0)] = value;
  digitValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/** How far a writer was, to go back to. */
export interface Mark {
  readonly position: number;
  readonly spans: number;
  readonly texts: number;
  readonly traces: number;
}

const smallestBuffer = 64 * 1024;
const largestKeptBuffer = 1024 * 1024;

/** Writes spans one after the other into one growing buffer. */
export class FactsWriter {
  #buffer = Buffer.allocUnsafeSlow(smallestBuffer);
  #view = viewOf(this.#buffer);
  #position: number;
  readonly #reserved: number;
  readonly #texts = new Map<string, number>();
  readonly #traces = new Map<string, number>();
  #spans = 0;
  /** Where the bits of the span that is being written begin. */
  #bitsAt = 0;

  /** @param reserved bytes left free at the start, for a header */
  constructor(reserved: number) {
    this.#reserved = reserved;
    this.#position = reserved;
  }

  /** How many spans were written. */
  get spans(): number {
    return this.#spans;
  }

  /** Bytes written, the reserved ones included. */
  get bytes(): number {
    return this.#position;
  }

  mark(): Mark {
    const [texts, traces] = [this.#texts.size, this.#traces.size];
    return { position: this.#position, spans: this.#spans, texts, traces };
  }

  /** Forgets what was written since. */
  goBack({ position, spans, texts, traces }: Mark): void {
    this.#position = position;
    this.#spans = spans;
    shorten(this.#texts, texts);
    shorten(this.#traces, traces);
  }

  /** @throws RangeError for a span that cannot be written; what was written before it is then to be gone back to */
  write(facts: SpanFacts): void {
    this.#writeFields(facts);
    this.#spans += 1;
  }

  /** One line for each field, in the order of their bits: a loop over names would take three times as long. */
  #writeFields(facts: SpanFacts): void {
    this.#room(1 + bitBytes);
    this.#buffer[this.#position] = bitBytes;
    this.#bitsAt = this.#position + 1;
    this.#position += 1 + bitBytes;
    for (let at = this.#bitsAt; at < this.#position; at++) this.#buffer[at] = 0;
    if (facts.failed) this.#bit(0);
    if (facts.modelRequest) this.#bit(1);
    if (facts.servedFromCache) this.#bit(2);
    if (facts.traceId !== undefined) this.#trace(3, facts.traceId);
    if (facts.spanId !== undefined) this.#span(4, facts.spanId);
    if (facts.parentSpanId !== undefined) this.#span(5, facts.parentSpanId);
    if (facts.startedAt !== undefined) this.#time(6, facts.startedAt);
    if (facts.endedAt !== undefined) this.#time(7, facts.endedAt);
    if (facts.pricedAt !== undefined) this.#time(8, facts.pricedAt);
    if (facts.name !== undefined) this.#text(9, facts.name);
    if (facts.node !== undefined) this.#text(10, facts.node);
    if (facts.errorType !== undefined) this.#text(11, facts.errorType);
    if (facts.service !== undefined) this.#text(12, facts.service);
    if (facts.environment !== undefined) this.#text(13, facts.environment);
    if (facts.release !== undefined) this.#text(14, facts.release);
    if (facts.account !== undefined) this.#text(15, facts.account);
    if (facts.region !== undefined) this.#text(16, facts.region);
    if (facts.feature !== undefined) this.#text(17, facts.feature);
    if (facts.team !== undefined) this.#text(18, facts.team);
    if (facts.userId !== undefined) this.#text(19, facts.userId);
    if (facts.conversationId !== undefined) this.#text(20, facts.conversationId);
    if (facts.agent !== undefined) this.#text(21, facts.agent);
    if (facts.promptName !== undefined) this.#text(22, facts.promptName);
    if (facts.promptVersion !== undefined) this.#text(23, facts.promptVersion);
    if (facts.defaultFeature !== undefined) this.#text(24, facts.defaultFeature);
    if (facts.defaultTeam !== undefined) this.#text(25, facts.defaultTeam);
    if (facts.defaultUserId !== undefined) this.#text(26, facts.defaultUserId);
    if (facts.defaultConversationId !== undefined) this.#text(27, facts.defaultConversationId);
    if (facts.tool !== undefined) this.#text(28, facts.tool);
    if (facts.operation !== undefined) this.#text(29, facts.operation);
    if (facts.provider !== undefined) this.#text(30, facts.provider);
    if (facts.requestModel !== undefined) this.#text(31, facts.requestModel);
    if (facts.responseModel !== undefined) this.#text(32, facts.responseModel);
    if (facts.serviceTier !== undefined) this.#text(33, facts.serviceTier);
    if (facts.emitter !== undefined) this.#text(34, facts.emitter);
    if (facts.emitterVersion !== undefined) this.#text(35, facts.emitterVersion);
    if (facts.dialect !== undefined) this.#text(36, facts.dialect);
    if (facts.usageQuality !== undefined) this.#text(37, facts.usageQuality);
    if (facts.usageIssue !== undefined) this.#text(38, facts.usageIssue);
    if (facts.unpricedReason !== undefined) this.#text(39, facts.unpricedReason);
    if (facts.priceSource !== undefined) this.#text(40, facts.priceSource);
    if (facts.priceId !== undefined) this.#text(41, facts.priceId);
    if (facts.responseId !== undefined) this.#own(42, facts.responseId);
    if (facts.kind !== undefined) this.#number(43, facts.kind);
    if (facts.units !== undefined) this.#number(44, facts.units);
    if (facts.statedRetryCount !== undefined) this.#number(45, facts.statedRetryCount);
    if (facts.statedLoopIteration !== undefined) this.#number(46, facts.statedLoopIteration);
    if (facts.statedAgentDepth !== undefined) this.#number(47, facts.statedAgentDepth);
    if (facts.httpStatus !== undefined) this.#number(48, facts.httpStatus);
    if (facts.inputTokens !== undefined) this.#number(49, facts.inputTokens);
    if (facts.cacheReadTokens !== undefined) this.#number(50, facts.cacheReadTokens);
    if (facts.cacheWriteTokens !== undefined) this.#number(51, facts.cacheWriteTokens);
    if (facts.cacheWrite1hTokens !== undefined) this.#number(52, facts.cacheWrite1hTokens);
    if (facts.outputTokens !== undefined) this.#number(53, facts.outputTokens);
    if (facts.reasoningTokens !== undefined) this.#number(54, facts.reasoningTokens);
    if (facts.inputAudioTokens !== undefined) this.#number(55, facts.inputAudioTokens);
    if (facts.inputImageTokens !== undefined) this.#number(56, facts.inputImageTokens);
    if (facts.cacheReadAudioTokens !== undefined) this.#number(57, facts.cacheReadAudioTokens);
    if (facts.outputAudioTokens !== undefined) this.#number(58, facts.outputAudioTokens);
    if (facts.outputImageTokens !== undefined) this.#number(59, facts.outputImageTokens);
    if (facts.webSearches !== undefined) this.#number(60, facts.webSearches);
    if (facts.costUsd !== undefined) this.#money(61, facts.costUsd);
    if (facts.inputCostUsd !== undefined) this.#money(62, facts.inputCostUsd);
    if (facts.cacheReadCostUsd !== undefined) this.#money(63, facts.cacheReadCostUsd);
    if (facts.cacheWriteCostUsd !== undefined) this.#money(64, facts.cacheWriteCostUsd);
    if (facts.outputCostUsd !== undefined) this.#money(65, facts.outputCostUsd);
    if (facts.otherCostUsd !== undefined) this.#money(66, facts.otherCostUsd);
    if (facts.reportedCostUsd !== undefined) this.#money(67, facts.reportedCostUsd);
    if (facts.tags !== undefined) this.#tags(68, facts.tags);
  }

  #bit(index: number): void {
    const at = this.#bitsAt + (index >> 3);
    this.#buffer[at] = (this.#buffer[at] as number) | (1 << (index & 7));
  }

  /** What was written, behind the reserved bytes too. A view, which the next `clear` makes void. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#position);
  }

  /** Forgets all that was written. Memory that a frame of usual size needs is kept for the next. */
  clear(): void {
    this.#position = this.#reserved;
    this.#spans = 0;
    this.#texts.clear();
    this.#traces.clear();
    if (this.#buffer.byteLength > largestKeptBuffer) this.#take(smallestBuffer);
  }

  #text(index: number, text: string): void {
    this.#bit(index);
    this.#tableText(text);
  }

  #tableText(text: string): void {
    const known = this.#texts.get(text);
    this.#varint(known ?? 0);
    if (known !== undefined) return;
    this.#string(text);
    this.#texts.set(text, this.#texts.size + 1);
  }

  #own(index: number, text: string): void {
    this.#bit(index);
    this.#string(text);
  }

  #trace(index: number, id: string): void {
    this.#bit(index);
    const known = this.#traces.get(id);
    this.#varint(known ?? 0);
    if (known !== undefined) return;
    this.#hex(id, 16);
    this.#traces.set(id, this.#traces.size + 1);
  }

  #span(index: number, id: string): void {
    this.#bit(index);
    this.#hex(id, 8);
  }

  #tags(index: number, tags: ReadonlyMap<string, string>): void {
    this.#bit(index);
    this.#varint(tags.size);
    for (const [key, value] of tags) {
      this.#tableText(key);
      this.#tableText(value);
    }
  }

  #money(index: number, amount: bigint): void {
    this.#bit(index);
    if (amount > mostMoney || amount < leastMoney) {
      throw new RangeError(`${amount} is more money than fits in 64 bits`);
    }
    this.#room(8);
    this.#view.setBigInt64(this.#position, amount, true);
    this.#position += 8;
  }

  #time(index: number, time: number): void {
    this.#bit(index);
    this.#double(time);
  }

  #hex(hex: string, bytes: number): void {
    if (hex.length !== bytes * 2) throw new RangeError(`an id of ${hex.length / 2} bytes`);
    this.#room(bytes);
    // By itself: to call out for 8 bytes takes longer.
    let wrong = 0;
    for (let digit = 0; digit < hex.length; digit += 2) {
      const high = digitValues[hex.charCodeAt(digit)] ?? 255;
      const low = digitValues[hex.charCodeAt(digit + 1)] ?? 255;
      wrong |= high | low;
      this.#buffer[this.#position++] = (high << 4) | low;
    }
    if (wrong > 15) throw new RangeError("an id that is not hexadecimal");
  }

  #string(text: string): void {
    // UTF-8 has at most three bytes for a UTF-16 unit.
    this.#room(text.length * 3 + 5);
    const start = this.#position;
    if (text.length < 43) {
      if (this.#ascii(text, start + 1)) {
        this.#buffer[start] = text.length;
        this.#position = start + 1 + text.length;
        return;
      }
      const length = this.#buffer.write(text, start + 1);
      this.#buffer[start] = length;
      this.#position = start + 1 + length;
      return;
    }
    const length = Buffer.byteLength(text);
    this.#varint(length);
    this.#buffer.write(text, this.#position);
    this.#position += length;
  }

  /** Writes a short text, for which to call out would take longer; `false` where it is not ASCII. */
  #ascii(text: string, start: number): boolean {
    const buffer = this.#buffer;
    let any = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      any |= unit;
      buffer[start + at] = unit;
    }
    return any < 0x80;
  }

  /** One more than the number, for 0 says that a double follows. */
  #number(index: number, value: number): void {
    this.#bit(index);
    const isCount = Number.isSafeInteger(value) && value >= 0 && value < mostCount;
    this.#varint(isCount ? value + 1 : 0);
    if (!isCount) this.#double(value);
  }

  #double(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#position, value, true);
    this.#position += 8;
  }

  #varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#position++] = rest;
  }

  #room(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.byteLength) return;
    const before = this.#buffer.subarray(0, this.#position);
    this.#take(Math.max(this.#buffer.byteLength * 2, this.#position + bytes));
    before.copy(this.#buffer);
  }

  #take(bytes: number): void {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
    this.#view = viewOf(this.#buffer);
  }
}

/** Removes what was added after the first `size` entries. */
function shorten(table: Map<string, number>, size: number): void {
  for (const [text, index] of table) if (index > size) table.delete(text);
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
