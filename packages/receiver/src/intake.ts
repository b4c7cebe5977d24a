import { setImmediate as turn } from "node:timers/promises";
import type { Decoder } from "./decoder.ts";
import type { Admitted } from "./gate.ts";
import { inflate } from "./inflate.ts";
import { weightOfJson } from "./json-weight.ts";
import { Problems, TooManySpansError } from "./problems.ts";
import { type BodyEncoding, type BodyFormat, RequestError } from "./request.ts";
import { type RowsInParts, type Sender, SinkFullError, type SpanSink } from "./sink.ts";

/** Rows that are read before the sink has them: so few that they are in the processor's first caches then. */
const rowsAtATime = 16;
/** Milliseconds after which other requests have their turn. */
const turnMs = 8;

/** What the intake needs. */
export interface IntakeOptions<Row> {
  readonly decoders: Readonly<Record<BodyFormat, Decoder<Row>>>;
  /** Bytes of one body, both as sent and once it is inflated. */
  readonly maxBodyBytes: number;
  /** Spans of one request. */
  readonly maxSpans: number;
  readonly sink: SpanSink<Row>;
  /** Told of every request once its spans are durable. */
  readonly onStored?: ((stored: StoredRequest<Row>) => void) | undefined;
  /** Told of every failure that is not the sender's. */
  readonly onError: (error: unknown) => void;
}

/** A body as it was sent. */
export interface SentBody {
  readonly bytes: Buffer;
  readonly format: BodyFormat;
  readonly encoding: BodyEncoding;
  /** How many receivers sent it on before. */
  readonly hops: number;
}

/** A request whose spans are durable, for whoever sends them on. */
export interface StoredRequest<Row> {
  /** Inflated. Never changed afterwards. */
  readonly body: Buffer;
  readonly format: BodyFormat;
  /** What its spans were read into, in their order; those that were refused are missing. */
  readonly rows: readonly Row[];
  readonly hops: number;
  readonly sender: Sender;
}

/** What came of a request that was taken. */
export interface Taken {
  /** Spans that are durable now. */
  readonly stored: number;
  /** Spans that were refused, and what else the sender should know. */
  readonly problems: Problems;
}

/** What becomes of a body, whichever way it came. */
export interface Intake {
  /**
   * Resolves once the spans of `sent` are durable.
   *
   * @throws DecodeError where it cannot be decoded; RequestError 400 or 413 where it is the sender's fault
   * otherwise, 503 where it may be sent again. Nothing is stored then, as far as the sink knows.
   */
  take(sent: SentBody, admitted: Admitted): Promise<Taken>;
}

/** Inflates bodies, decodes them into rows, and stores those. */
export class RowIntake<Row> implements Intake {
  readonly #options: IntakeOptions<Row>;

  constructor(options: IntakeOptions<Row>) {
    this.#options = options;
  }

  async take(sent: SentBody, admitted: Admitted): Promise<Taken> {
    const body = this.#inflate(sent, admitted);
    admitted.charge(body.byteLength);
    if (sent.format === "json") admitted.hold(await weightOfJson(body));
    const problems = new Problems(this.#options.maxSpans);
    const { rows, late } = await this.#store(sent, body, problems, admitted.sender);
    for (let count = 0; count < late; count++) {
      problems.rejectStored("it began before all that is kept here", "some span");
    }
    return { stored: rows - late, problems };
  }

  #inflate({ bytes, encoding }: SentBody, admitted: Admitted): Buffer {
    if (encoding === "identity") return bytes;
    const body = inflate(bytes, this.#options.maxBodyBytes);
    admitted.hold(body.byteLength);
    return body;
  }

  /** How many rows there were, and how many of them came too late to be stored. */
  async #store(
    { format, hops }: SentBody,
    body: Buffer,
    problems: Problems,
    sender: Sender,
  ): Promise<{ rows: number; late: number }> {
    const { decoders, onStored } = this.#options;
    const sentOn: Row[] | undefined = onStored && [];
    const parts = this.#begin(sender, body.byteLength);
    let rows: number;
    try {
      const batches = decoders[format].batches(body, problems, rowsAtATime);
      rows = await this.#decode(batches, (batch) => {
        this.#add(parts, batch);
        if (sentOn !== undefined) for (const row of batch) sentOn.push(row);
      });
    } catch (error) {
      parts.cancel();
      throw error;
    }
    const stored = await parts.finish().catch((error: unknown) => this.#refuse(error));
    if (sentOn !== undefined) onStored?.({ body, format, rows: sentOn, hops, sender });
    return { rows, late: stored?.late ?? 0 };
  }

  #begin(sender: Sender, bytes: number): RowsInParts<Row> {
    const { sink } = this.#options;
    try {
      return sink.begin?.(sender, bytes) ?? new Gathered(sink, sender);
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #add(parts: RowsInParts<Row>, rows: readonly Row[]): void {
    try {
      parts.add(rows);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** @returns how many rows there were */
  async #decode(batches: Iterable<Row[]>, add: (rows: readonly Row[]) => void): Promise<number> {
    const { maxSpans } = this.#options;
    let rows = 0;
    let begun = performance.now();
    try {
      for (const batch of batches) {
        rows += batch.length;
        if (rows > maxSpans) throw new TooManySpansError();
        add(batch);
        if (performance.now() - begun > turnMs) {
          await turn();
          begun = performance.now();
        }
      }
    } catch (error) {
      if (error instanceof TooManySpansError) throw tooManySpans(maxSpans);
      throw error;
    }
    return rows;
  }

  /** A failure to store is never the sender's, and 503 is what makes it try again; 500 would lose its spans. */
  #refuse(error: unknown): never {
    if (error instanceof SinkFullError) throw new RequestError(503, error.message);
    this.#options.onError(error);
    throw new RequestError(503, "not stored: try again");
  }
}

/** The rows of a request for a sink that takes them all at once. */
class Gathered<Row> implements RowsInParts<Row> {
  readonly #sink: SpanSink<Row>;
  readonly #sender: Sender;
  readonly #rows: Row[] = [];

  constructor(sink: SpanSink<Row>, sender: Sender) {
    this.#sink = sink;
    this.#sender = sender;
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#rows.push(row);
  }

  /** A sink that throws at once is no different from one that rejects. */
  async finish() {
    return this.#sink.append(this.#rows, this.#sender);
  }

  cancel(): void {
    this.#rows.length = 0;
  }
}

function tooManySpans(maxSpans: number): RequestError {
  return new RequestError(
    413,
    `the request has more than ${maxSpans} spans: send smaller batches, or raise the receiver's limit`,
  );
}
