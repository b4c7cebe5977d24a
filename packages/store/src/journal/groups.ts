import { FactsWriter } from "./facts-writer.ts";
import { headerBytes } from "./frame.ts";
import type { InParts } from "./in-parts.ts";

/** Requests that become one frame. */
export class Group {
  readonly writer = new FactsWriter(headerBytes);
  readonly requests: { resolve(): void; reject(error: unknown): void }[] = [];
}

/** One is being written while requests gather in another. */
const mostIdle = 2;

/** Bytes of a request that is read in one turn of the event loop or two. */
const shortRequestBytes = 1024 * 1024;

/**
 * Groups of requests, from the first of their spans until they are written.
 *
 * A request has its group to itself while its spans are written, so that they can be taken back. Short ones are written
 * in one turn of the event loop, and the next goes into the same group. One that takes several turns begins a group, for
 * those that are finished do not wait for it.
 */
export class Groups {
  readonly #frameBytes: number;
  readonly #onReady: () => void;
  /** Has finished requests, or none, and takes more. */
  #open: Group | undefined;
  readonly #ready: Group[] = [];
  /** Are being written into; they may have finished requests too. */
  readonly #taken = new Set<Group>();
  /** There are finished requests, and nothing to write but what is taken: the next request is not put in their way. */
  #isDue = false;
  #writing: Group | undefined;
  /** Their memory is used again: to get it anew from the system takes longer than to fill it. */
  readonly #idle: Group[] = [];
  #waitingBytes = 0;

  /**
   * @param frameBytes a group that has more takes no more requests
   * @param onReady told whenever there is a group to write
   */
  constructor(frameBytes: number, onReady: () => void) {
    this.#frameBytes = frameBytes;
    this.#onReady = onReady;
  }

  /** Bytes of finished requests that are not written yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @param bytes of the whole request, about */
  begin(bytes: number): InParts<void> {
    const group = this.#take(bytes <= shortRequestBytes);
    const { writer } = group;
    const mark = writer.mark();
    return {
      add: (facts) => {
        for (const each of facts) writer.write(each);
      },
      finish: () => {
        const spans = writer.spans - mark.spans;
        if (spans > 0) this.#waitingBytes += writer.bytes - mark.position;
        const written =
          spans === 0
            ? Promise.resolve()
            : new Promise<void>((resolve, reject) => group.requests.push({ resolve, reject }));
        this.#putBack(group);
        return written;
      },
      cancel: () => {
        writer.goBack(mark);
        this.#putBack(group);
      },
    };
  }

  #take(isShort: boolean): Group {
    const open = isShort && !this.#isDue ? this.#open : undefined;
    const group = open ?? this.#idle.pop() ?? new Group();
    if (open !== undefined) this.#open = undefined;
    this.#taken.add(group);
    return group;
  }

  /** Resolves once all requests are answered that are finished by now. */
  async answered(): Promise<void> {
    const groups = [this.#writing, ...this.#ready, ...this.#taken, this.#open];
    await Promise.all(
      groups
        .filter((group) => group !== undefined && group.requests.length > 0)
        .map((group) => new Promise<void>((done) => group?.requests.push(whatever(done)))),
    );
  }

  /** The group that is to be written now. Nothing is added to it any more. */
  next(): Group | undefined {
    this.#writing = this.#ready.shift();
    if (this.#writing === undefined && (this.#open?.requests.length ?? 0) > 0) {
      this.#writing = this.#open;
      this.#open = undefined;
    }
    this.#isDue =
      this.#writing === undefined && [...this.#taken].some(({ requests }) => requests.length > 0);
    return this.#writing;
  }

  /** Takes back a group whose requests are answered. */
  done(group: Group): void {
    this.#writing = undefined;
    this.#waitingBytes -= group.writer.bytes - headerBytes;
    this.#recycle(group);
  }

  #putBack(group: Group): void {
    this.#taken.delete(group);
    const isEmpty = group.requests.length === 0;
    if (this.#open === undefined && group.writer.bytes < this.#frameBytes) this.#open = group;
    else if (isEmpty) this.#recycle(group);
    else this.#ready.push(group);
    // Also where a request was taken back: those before it in the group have waited for it.
    if (!isEmpty) this.#onReady();
  }

  #recycle(group: Group): void {
    group.writer.clear();
    group.requests.length = 0;
    if (this.#idle.length < mostIdle) this.#idle.push(group);
  }
}

/** Who waits for an answer, and does not ask which. */
function whatever(done: () => void): Group["requests"][number] {
  return { resolve: done, reject: done };
}
