/** Columns that `text` takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian wide letters and pictures. Source: Unicode Standard Annex 11, its larger blocks. */
const doubleWidth =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function letterWidth(letter: string): number {
  if (letter < "\u0300") return 1;
  if (zeroWidth.test(letter)) return 0;
  return doubleWidth.test(letter) ? 2 : 1;
}

/** `text` cut to at most `width` columns, with "…" where something is missing. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const letter of text) {
    const next = used + letterWidth(letter);
    if (next > width - 1) break;
    kept += letter;
    used = next;
  }
  return `${kept}…`;
}

/**
 * `text` shortened to at most `width` columns, with "…" in its middle: of names that begin alike, such as
 * "execute_tool search_orders", the end tells them apart.
 */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const end = lastColumns(text, Math.floor(((width - 1) * 2) / 3));
  return cut(text, width - textWidth(end)) + end;
}

/** As much of the end of `text` as has room in `width` columns. */
function lastColumns(text: string, width: number): string {
  let kept = "";
  let used = 0;
  for (const letter of [...text].reverse()) {
    used += letterWidth(letter);
    if (used > width) break;
    kept = letter + kept;
  }
  return kept;
}

/** `text` filled up with blanks to `width` columns. */
export function pad(text: string, width: number, side: "left" | "right"): string {
  const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
  return side === "left" ? text + blanks : blanks + text;
}

/**
 * `text` without what a terminal would obey: control characters become "�", line feeds blanks.
 *
 * Names come from other people's traffic; one could hold the codes that rewrite a screen.
 */
export function harmless(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** The same of every line of `text`: what names a list of faults has line feeds of its own. */
export function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}

/** `text` in lines of at most `width`, broken at blanks. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || textWidth(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.filter((line) => line !== "");
}
