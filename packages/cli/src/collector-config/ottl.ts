/** A text as OTTL writes it. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A pattern that matches just one of `names`. */
export function anyOf(names: readonly string[]): string {
  return quoted(`^(?:${names.map(literal).join("|")})$`);
}

/** A text as a pattern that matches it and nothing else. */
export function literal(text: string): string {
  return text
    .replaceAll(/[\\^$.|?*+()[\]{}]/g, "[$&]")
    .replaceAll("[\\]", "\\\\")
    .replaceAll("[^]", "\\^");
}

/** An attribute of the span. */
export function attribute(key: string): string {
  return `span.attributes[${quoted(key)}]`;
}

/** What statements keep for those after them, of one span. */
export function kept(name: string): string {
  return `span.cache[${quoted(name)}]`;
}

/** `set(target, value) where condition` */
export function set(target: string, value: string, condition?: string): string {
  return `set(${target}, ${value})${condition === undefined ? "" : ` where ${condition}`}`;
}

/** The first of the attributes that is there, as `name`: those before take the place of those after. */
export function setFirst(name: string, keys: readonly string[], condition: string): string[] {
  return keys
    .toReversed()
    .map((key) => set(kept(name), attribute(key), `${attribute(key)} != nil and ${condition}`));
}

/** The same of attributes that hold a text that is not empty. */
export function setFirstText(name: string, keys: readonly string[], condition: string): string[] {
  return keys
    .toReversed()
    .map((key) =>
      set(kept(name), attribute(key), `IsMatch(${attribute(key)}, ".") and ${condition}`),
    );
}
