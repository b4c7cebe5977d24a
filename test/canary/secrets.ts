/** The place of a word of which only a part was found. */
export const partly = "a word that was cut";

/** Words that must not be kept, each of which tells where it was put. */
export class Secrets {
  readonly #places: string[] = [];

  /** A new word for `place`. Letters and digits only: every encoding, quoting and cleaning leaves it as it is. */
  at(place: string): string {
    this.#places.push(place);
    return `CANARY${(this.#places.length - 1).toString(36).padStart(6, "0")}YRANAC`;
  }

  get count(): number {
    return this.#places.length;
  }

  /** The places whose words are in `bytes`, as they are or in UTF-16. */
  foundIn(bytes: Uint8Array): ReadonlySet<string> {
    // In UTF-16 every second byte of these letters is 0.
    const texts = [Buffer.from(bytes).toString("latin1")];
    if (texts[0]?.includes("C\0A\0N\0A\0R\0Y\0")) texts.push(texts[0].replaceAll("\0", ""));
    const found = new Set<string>();
    for (const text of texts) {
      for (const [, number] of text.matchAll(/CANARY([0-9a-z]{6})/g)) {
        found.add(this.#places[Number.parseInt(number ?? "", 36)] ?? partly);
      }
      // A part of one is as bad as all of it.
      if (found.size === 0 && /CANARY|YRANAC/.test(text)) found.add(partly);
    }
    return found;
  }
}
