import { setImmediate as turn } from "node:timers/promises";
import type { Decoder } from "./decoder.ts";
import type { Admitted } from "./gate.ts";
import { inflate } from "./inflate.ts";
import { weightOfJson } from "./json-weight.ts";
import { Problems, TooManySpansError } from "./problems.ts";
import { type BodyEncoding, type BodyFormat, RequestError } from "./request.ts";
import { type Sender, SinkFullError, type SpanSink } from "./sink.ts";

/** Spans decoded in one go: less than 10 ms of work. */
const spansPerTurn = 4096;
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
    const decoder = this.#options.decoders[sent.format];
    const { rows, late } = await this.#decode(decoder, body, problems).then((decoded) =>
      this.#store(decoded, sent, body, admitted),
    );
    for (let count = 0; count < late; count++) {
      problems.reject("it began before all that is kept here", "some span");
    }
    return { stored: rows - late, problems };
  }

  #inflate({ bytes, encoding }: SentBody, admitted: Admitted): Buffer {
    if (encoding === "identity") return bytes;
    const body = inflate(bytes, this.#options.maxBodyBytes);
    admitted.hold(body.byteLength);
    return body;
  }

  async #decode(decoder: Decoder<Row>, body: Buffer, problems: Problems): Promise<Row[]> {
    const { maxSpans } = this.#options;
    const rows: Row[] = [];
    let begun = performance.now();
    try {
      for (const batch of decoder.batches(body, problems, spansPerTurn)) {
        if (rows.length + batch.length > maxSpans) throw new TooManySpansError();
        for (const row of batch) rows.push(row);
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

  /**
   * How many rows there were, and how many of them came too late to be stored.
   *
   * Nothing here holds the rows once the sink has them, unless they are sent on: while a disk is waited for, those of all
   * requests would outlive the young generation, and collecting them would take more than decoding did. So it is no
   * async function: its frame would hold them.
   *
   * A failure to store is never the sender's, and 503 is what makes it try again; 500 would lose its spans.
   */
  #store(
    rows: readonly Row[],
    { format, hops }: SentBody,
    body: Buffer,
    { sender }: Admitted,
  ): Promise<{ rows: number; late: number }> {
    const { sink, onStored } = this.#options;
    const stored = onStored && { body, format, rows, hops };
    const count = rows.length;
    return appending(sink, rows, sender).then(
      (appended) => {
        if (stored !== undefined) onStored?.(stored);
        return { rows: count, late: appended?.late ?? 0 };
      },
      (error: unknown) => this.#refuse(error),
    );
  }

  #refuse(error: unknown): never {
    if (error instanceof SinkFullError) throw new RequestError(503, error.message);
    this.#options.onError(error);
    throw new RequestError(503, "not stored: try again");
  }
}

/** A sink that throws at once is no different from one that rejects. */
function appending<Row>(sink: SpanSink<Row>, rows: readonly Row[], sender: Sender) {
  try {
    return Promise.resolve(sink.append(rows, sender));
  } catch (error) {
    return Promise.reject(error);
  }
}

function tooManySpans(maxSpans: number): RequestError {
  return new RequestError(
    413,
    `the request has more than ${maxSpans} spans: send smaller batches, or raise the receiver's limit`,
  );
}
