import type { TimeZone } from "../flags/time-zone.ts";
import type { Pasteable } from "../pasteable.ts";
import type { TextStyle } from "../ports.ts";
import { cut, pad, textWidth } from "./text-width.ts";

/** What a text is made for: how wide it may be, whose clocks its times are of, and how its words may look. */
export interface Page {
  readonly width: number;
  readonly zone: TimeZone;
  /** Of a page that somebody can type at; left out where who asked is far away. */
  readonly pasteable?: Pasteable;
  style(format: TextStyle, text: string): string;
}

/** A command as somebody can type it where the page is read. */
export function pasted(command: string, { pasteable }: Page): string {
  return pasteable?.(command) ?? command;
}

/** A column of a table. Its texts are without styles: those are put on once the widths are known. */
export interface Column {
  readonly title: string;
  readonly side: "left" | "right";
  /** May be cut where the table is too wide for the page. */
  readonly flexible?: boolean;
  /** Is left out where the table is too wide, the one with the highest number first. */
  readonly optional?: number;
  readonly style?: TextStyle;
}

/** A line of a table: a text per column; `style` for the whole line. */
export interface Line {
  readonly texts: readonly string[];
  readonly style?: TextStyle;
}

const gap = "  ";
const leastWidth = 12;

/** A table without frames: a line of titles, then the lines, blanks between the columns. */
export function table(columns: readonly Column[], lines: readonly Line[], page: Page): string {
  const natural = columns.map(({ title }, index) =>
    lines.reduce(
      (widest, { texts }) => Math.max(widest, textWidth(texts[index] ?? "")),
      textWidth(title),
    ),
  );
  const shown = shownColumns(columns, natural, page.width);
  const widths = fitted(columns, natural, shown, page.width);
  const row = (texts: readonly string[], styleOf: (index: number) => TextStyle | undefined) =>
    shown
      .map((index) => {
        const { side } = columns[index] as Column;
        const text = cut(texts[index] ?? "", widths[index] ?? 0);
        const isEnd = index === shown.at(-1) && side === "left";
        const padded = isEnd ? text : pad(text, widths[index] ?? 0, side);
        const style = styleOf(index);
        return style === undefined || text === "" ? padded : page.style(style, padded);
      })
      .join(gap)
      .trimEnd();
  return [
    row(
      columns.map(({ title }) => title),
      () => "dim",
    ),
    ...lines.map(({ texts, style }) => row(texts, (index) => style ?? columns[index]?.style)),
  ].join("\n");
}

function totalWidth(widths: readonly number[], shown: readonly number[]): number {
  return shown.reduce((sum, index) => sum + (widths[index] ?? 0) + gap.length, -gap.length);
}

/** The columns that there is room for, before any text is cut. */
function shownColumns(
  columns: readonly Column[],
  widths: readonly number[],
  page: number,
): readonly number[] {
  let shown = columns.map((_, index) => index);
  const dispensable = shown
    .filter((index) => columns[index]?.optional !== undefined)
    .sort((a, b) => (columns[b]?.optional ?? 0) - (columns[a]?.optional ?? 0));
  for (const next of dispensable) {
    if (totalWidth(widths, shown) <= page) break;
    shown = shown.filter((index) => index !== next);
  }
  return shown;
}

/** Takes what is too much from the widest flexible columns, down to a width that still says something. */
function fitted(
  columns: readonly Column[],
  widths: readonly number[],
  shown: readonly number[],
  page: number,
): readonly number[] {
  const result = [...widths];
  for (let excess = totalWidth(widths, shown) - page; excess > 0; excess -= 1) {
    const [widest] = shown
      .filter((index) => columns[index]?.flexible === true && (result[index] ?? 0) > leastWidth)
      .sort((a, b) => (result[b] ?? 0) - (result[a] ?? 0));
    if (widest === undefined) break;
    result[widest] = (result[widest] ?? 0) - 1;
  }
  return result;
}
