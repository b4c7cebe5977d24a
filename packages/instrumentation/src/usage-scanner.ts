import type { RecoveredUsage } from "./recovered-usage.ts";
import { merged, usageOfAnswer } from "./usage-of-answer.ts";

/** Longest event that is looked at, in UTF-16 units. Usage stands in events of a few hundred, or with a whole answer. */
const maxLine = 256 * 1024;

/** An object, not the `null` that OpenAI puts into every other event. In a text the quotes would be escaped. */
const hasUsage = /"usage(Metadata)?"\s*:\s*\{/;

/**
 * Finds the usage in a stream of server-sent events while it passes by. Holds at most one event that is not complete yet,
 * and of those that are only the numbers.
 */
export class UsageScanner {
  usage: RecoveredUsage | undefined;
  readonly #decoder = new TextDecoder();
  #line = "";
  /** The present line is too long to be looked at. */
  #skips = false;

  /** Looks at the next bytes; they stay as they are. */
  scan(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      this.#add(text, start, end);
      this.#finishLine();
      start = end + 1;
    }
    this.#add(text, start, text.length);
  }

  /** The stream is over: what is left is its last line. */
  finish(): void {
    this.#finishLine();
  }

  #add(text: string, start: number, end: number): void {
    if (this.#skips || start === end) return;
    if (this.#line.length + end - start > maxLine) {
      this.#skips = true;
      this.#line = "";
      return;
    }
    this.#line += text.slice(start, end);
  }

  #finishLine(): void {
    const line = this.#line;
    this.#line = "";
    this.#skips = false;
    if (!line.startsWith("data:") || !hasUsage.test(line)) return;
    try {
      this.usage = merged(this.usage, usageOfAnswer(JSON.parse(line.slice("data:".length))));
    } catch {
      // Not JSON: nobody's usage. The error would quote the event, so it is not looked at either.
    }
  }
}
