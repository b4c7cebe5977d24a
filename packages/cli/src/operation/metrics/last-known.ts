/** A value, and how old it is. */
export interface Known<Value> {
  readonly value: Value;
  /** Milliseconds since reading it began. */
  readonly ageMs: number;
}

/** How something is read that may take long. */
export interface LastKnownOptions<Value> {
  /** Reads it anew. It should stop when `signal` says so; if it does not, no other reading begins before it ends. */
  read(signal: AbortSignal): Promise<Value>;
  /** Milliseconds between the beginnings of two readings at least. */
  readonly pauseMs: number;
  /** Milliseconds that whoever asks waits at most. */
  readonly patienceMs: number;
  /** Milliseconds after which a reading is told to stop. */
  readonly giveUpMs: number;
  onFailure(error: unknown): void;
}

/** Whoever asks gets what was known last, and soon: a reading that takes long is not waited for. */
export class LastKnown<Value> {
  readonly #options: LastKnownOptions<Value>;
  #known: { readonly value: Value; readonly at: number } | undefined;
  #begunAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  readonly #stopped = new AbortController();

  constructor(options: LastKnownOptions<Value>) {
    this.#options = options;
  }

  /** `undefined` where it was never read. Never rejects. */
  async get(): Promise<Known<Value> | undefined> {
    const { pauseMs, patienceMs } = this.#options;
    const isDue = performance.now() - this.#begunAt >= pauseMs;
    if (isDue && !this.#stopped.signal.aborted) this.#reading ??= this.#read();
    if (this.#reading !== undefined) await within(patienceMs, this.#reading);
    if (this.#known === undefined) return undefined;
    const { value, at } = this.#known;
    return { value, ageMs: performance.now() - at };
  }

  /** Tells a reading that is under way to stop, and begins no other one. */
  close(): void {
    this.#stopped.abort();
  }

  async #read(): Promise<void> {
    const { read, giveUpMs, onFailure } = this.#options;
    const at = performance.now();
    this.#begunAt = at;
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(giveUpMs)]);
      this.#known = { value: await read(signal), at };
    } catch (error) {
      if (!this.#stopped.signal.aborted) onFailure(error);
    } finally {
      this.#reading = undefined;
    }
  }
}

async function within(millis: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
