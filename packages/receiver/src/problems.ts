interface Tally {
  readonly firstPlace: string;
  count: number;
}

/** Texts of different problems that are kept; more are only counted. A response stays far below 4 MiB. */
const kindsKept = 16;

/** More spans were refused than are taken of one request: what remains of it is not worth reading. */
export class TooManySpansError extends Error {
  override readonly name = "TooManySpansError";
}

/**
 * What was wrong with a request that could be decoded: spans that were refused, and warnings.
 *
 * Equal problems are counted, so that a batch of 10,000 bad spans gives one sentence.
 */
export class Problems {
  /** Spans that were refused. */
  rejected = 0;
  /** Put before each place that is reported, such as the line of a file. */
  where = "";
  readonly #maxRejected: number;
  readonly #tallies = new Map<string, Tally>();
  #unlisted = 0;

  /** @param maxRejected spans that may be refused before all of the request is */
  constructor(maxRejected = Number.POSITIVE_INFINITY) {
    this.#maxRejected = maxRejected;
  }

  /**
   * Counts one span that is refused because of `reason`, found at `place`.
   *
   * @throws TooManySpansError
   */
  reject(reason: string, place: string): void {
    if (this.rejected >= this.#maxRejected) throw new TooManySpansError();
    this.rejectStored(reason, place);
  }

  /** The same for a span of a request whose others are stored: it is too late to refuse all of it. */
  rejectStored(reason: string, place: string): void {
    this.rejected += 1;
    this.#count(`span rejected: ${reason}`, place);
  }

  /** Counts something that the sender should know, though nothing was refused. */
  warn(text: string, place: string): void {
    this.#count(text, place);
  }

  /** One sentence per kind of problem, in the order in which they were first seen. */
  sentences(): string[] {
    const sentences = [...this.#tallies].map(([text, { count, firstPlace }]) => {
      const times = count === 1 ? "" : `${count} times, first `;
      return `${text} (${times}at ${firstPlace})`;
    });
    if (this.#unlisted > 0) sentences.push(`${this.#unlisted} more problems of other kinds`);
    return sentences;
  }

  #count(text: string, place: string): void {
    const tally = this.#tallies.get(text);
    if (tally !== undefined) tally.count += 1;
    else if (this.#tallies.size < kindsKept)
      this.#tallies.set(text, { count: 1, firstPlace: this.where + place });
    else this.#unlisted += 1;
  }
}
