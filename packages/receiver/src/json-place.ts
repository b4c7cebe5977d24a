/** Where in a request reading is. Its text is made only for a problem, not for every attribute. */
export class JsonPlace {
  #resource: number | undefined;
  #scope: number | undefined;
  #span: number | undefined;

  atResource(index: number): void {
    this.#resource = index;
    this.#scope = undefined;
    this.#span = undefined;
  }

  atScope(index: number): void {
    this.#scope = index;
    this.#span = undefined;
  }

  atSpan(index: number): void {
    this.#span = index;
  }

  /** Such as `resourceSpans[0].scopeSpans[2].spans[17]`. */
  toString(): string {
    if (this.#resource === undefined) return "the top";
    let path = `resourceSpans[${this.#resource}]`;
    if (this.#scope !== undefined) path += `.scopeSpans[${this.#scope}]`;
    if (this.#span !== undefined) path += `.spans[${this.#span}]`;
    return path;
  }
}
