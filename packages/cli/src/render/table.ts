import type { TimeZone } from "../flags/time-zone.ts";
import type { Pasteable } from "../pasteable.ts";
import type { TextStyle } from "../ports.ts";
import { pad, shortened, textWidth, wrapped } from "./text-width.ts";

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
  /** May be shortened in its middle where the table is too wide for the page. */
  readonly flexible?: boolean;
  /** Goes on in further lines instead. */
  readonly wraps?: boolean;
  /** Is left out where the table is too wide, the one with the highest number first. */
  readonly optional?: number;
  readonly style?: TextStyle;
}

/** A line of a table: a text per column; `style` for the whole line. */
export interface Line {
  readonly texts: readonly string[];
  /** Goes before the first text and is never shortened: the branches of a tree. */
  readonly lead?: string;
  /** Stands in lines of its own below, as wide as the page. */
  readonly below?: { readonly lead: string; readonly text: string };
  readonly style?: TextStyle;
}

/** Blanks between two columns: one only where the page is too narrow for two. */
const gaps = { normal: 2, narrow: 1 } as const;
const leastWidth = 12;

/**
 * A table without frames: a line of titles, then the lines, blanks between the columns.
 *
 * One that is too wide for the page has its titles in several lines, then leaves out columns that are optional, then
 * shortens texts, then has single blanks. Numbers are never cut: what is too wide all the same goes beyond the page.
 */
export function table(columns: readonly Column[], lines: readonly Line[], page: Page): string {
  const { shown, widths, gap } = layout(columns, lines, page.width);
  const row = (
    texts: readonly string[],
    styleOf: (index: number) => TextStyle | undefined,
    lead = "",
  ) =>
    shown
      .map((index) => {
        const { side } = columns[index] as Column;
        const before = index === 0 ? lead : "";
        const room = Math.max(1, (widths[index] ?? 0) - textWidth(before));
        const text = before + shortened(texts[index] ?? "", room);
        const isEnd = index === shown.at(-1) && side === "left";
        const padded = isEnd ? text : pad(text, widths[index] ?? 0, side);
        const style = styleOf(index);
        return style === undefined || text === "" ? padded : page.style(style, padded);
      })
      .join(" ".repeat(gap))
      .trimEnd();
  const titles = stacked(
    columns.map(({ title }, index) => folded(title, widths[index] ?? 0)),
    "bottom",
  );
  const folds = (texts: readonly string[]) =>
    stacked(
      columns.map(({ wraps }, index) => {
        const text = texts[index] ?? "";
        return wraps === true ? wrapped(text, widths[index] ?? 0) : [text];
      }),
      "top",
    );
  return [
    ...titles.map((texts) => row(texts, () => "dim")),
    ...lines.flatMap(({ texts, lead, below, style }) => [
      ...folds(texts).map((each) => row(each, (index) => style ?? columns[index]?.style, lead)),
      ...(below === undefined ? [] : linesBelow(below, style, page)),
    ]),
  ].join("\n");
}

function linesBelow(
  { lead, text }: NonNullable<Line["below"]>,
  style: TextStyle | undefined,
  page: Page,
): string[] {
  return wrapped(text, page.width - textWidth(lead))
    .map((line) => lead + line)
    .map((line) => (style === undefined ? line : page.style(style, line)));
}

/** The same with every text whole: only columns that are optional are left out. */
export function fitsWhole(columns: readonly Column[], lines: readonly Line[], page: Page): boolean {
  return fits(
    columns.map((column) => ({ ...column, flexible: false })),
    lines,
    page,
  );
}

/** Whether a page is wide enough for the table, with titles in several lines and texts shortened if need be. */
export function fits(columns: readonly Column[], lines: readonly Line[], page: Page): boolean {
  // Of a file or a pipe nothing is measured: its rows are many.
  const { width } = page;
  return width === Number.POSITIVE_INFINITY || totalWidth(layout(columns, lines, width)) <= width;
}

interface Layout {
  /** Columns, by their place. */
  readonly shown: readonly number[];
  /** Of all columns. */
  readonly widths: readonly number[];
  readonly gap: number;
}

function layout(columns: readonly Column[], lines: readonly Line[], page: number): Layout {
  const normal = layoutWith(gaps.normal, columns, lines, page);
  return totalWidth(normal) <= page ? normal : layoutWith(gaps.narrow, columns, lines, page);
}

function layoutWith(
  gap: number,
  columns: readonly Column[],
  lines: readonly Line[],
  page: number,
): Layout {
  const texts = columns.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, widthIn(line, index)), 0),
  );
  const titles = columns.map(({ title }) => title);
  const natural = titles.map((title, index) => Math.max(texts[index] ?? 0, textWidth(title)));
  const withFolds = titles.map((title, index) =>
    Math.max(texts[index] ?? 0, ...wordsOf(title).map(textWidth)),
  );
  const shown = shownColumns(columns, { widths: withFolds, gap }, page);
  const leasts = columns.map(({ flexible, wraps }) =>
    flexible === true || wraps === true ? leastWidth : Number.POSITIVE_INFINITY,
  );
  const folds = narrowed({ shown, widths: natural, gap }, withFolds, page);
  return narrowed(folds, leasts, page);
}

function widthIn({ texts, lead = "" }: Line, index: number): number {
  return textWidth(texts[index] ?? "") + (index === 0 ? textWidth(lead) : 0);
}

/** The words of a title: "input_tokens" has two. */
function wordsOf(title: string): string[] {
  return title.split(/ |(?<=[_/])/);
}

/** `title` in lines of at most `width`. */
function folded(title: string, width: number): string[] {
  if (textWidth(title) <= width) return [title];
  const lines: string[] = [];
  for (const word of wordsOf(title)) {
    const last = lines.at(-1);
    const longer =
      last === undefined || /[_/]$/.test(last) ? `${last ?? ""}${word}` : `${last} ${word}`;
    if (last === undefined || textWidth(longer) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The columns' lines side by side, blanks where one has fewer than another. */
function stacked(columns: readonly (readonly string[])[], end: "top" | "bottom"): string[][] {
  const height = columns.reduce((most, lines) => Math.max(most, lines.length), 1);
  return Array.from({ length: height }, (_, nth) =>
    columns.map((lines) => lines[end === "top" ? nth : nth - (height - lines.length)] ?? ""),
  );
}

function totalWidth({ shown, widths, gap }: Layout): number {
  return shown.reduce((sum, index) => sum + (widths[index] ?? 0) + gap, -gap);
}

/** The columns that there is room for, before any text is cut. */
function shownColumns(
  columns: readonly Column[],
  { widths, gap }: Omit<Layout, "shown">,
  page: number,
): readonly number[] {
  let shown = columns.map((_, index) => index);
  const dispensable = shown
    .filter((index) => columns[index]?.optional !== undefined)
    .sort((a, b) => (columns[b]?.optional ?? 0) - (columns[a]?.optional ?? 0));
  for (const next of dispensable) {
    if (totalWidth({ shown, widths, gap }) <= page) break;
    shown = shown.filter((index) => index !== next);
  }
  return shown;
}

/** Takes what is too much from the widest columns, down to the least that each may have. */
function narrowed(layout: Layout, leasts: readonly number[], page: number): Layout {
  const result = [...layout.widths];
  for (let excess = totalWidth(layout) - page; excess > 0; excess -= 1) {
    const [widest] = layout.shown
      .filter((index) => (result[index] ?? 0) > (leasts[index] ?? 0))
      .sort((a, b) => (result[b] ?? 0) - (result[a] ?? 0));
    if (widest === undefined) break;
    result[widest] = (result[widest] ?? 0) - 1;
  }
  return { ...layout, widths: result };
}
