import type { Out } from "../ports.ts";
import { cut, harmless } from "./text-width.ts";

/** Milliseconds between two pictures of the line: what changes faster cannot be read. */
const leastPause = 100;

/** One line on a terminal that tells how far things are. Where there is no terminal it says nothing. */
export class ProgressLine {
  readonly #out: Out;
  #shown = false;
  #lastAt = 0;

  constructor(out: Out) {
    this.#out = out;
  }

  say(text: string): void {
    const now = performance.now();
    if (!this.#out.isTTY || (this.#shown && now - this.#lastAt < leastPause)) return;
    this.#lastAt = now;
    this.#shown = true;
    this.#out.write(`\r\u001b[K${cut(harmless(text), (this.#out.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) this.#out.write("\r\u001b[K");
    this.#shown = false;
  }
}
