import type { Page } from "./table.ts";
import { pad, textWidth, wrapped } from "./text-width.ts";

const gap = "  ";

/** Records that stand side by side; of each its texts, and how wide the widest is. */
type Block = readonly { readonly texts: readonly string[]; readonly width: number }[];

/**
 * Records with a line per field, for a page that is too narrow for a line per record: as many side by side as there is
 * room for, so that they can be compared, and those that are left in further blocks.
 *
 * @param records a text per name each
 */
export function recordBlocks(
  names: readonly string[],
  records: readonly (readonly string[])[],
  page: Page,
): string {
  const nameWidth = Math.max(0, ...names.map(textWidth));
  const room = page.width - nameWidth - gap.length;
  const lineOf = (name: string, text: string) =>
    page.style("dim", pad(name, nameWidth, "left")) + gap + text;
  const linesOf = (block: Block, name: string, index: number): string[] => {
    const [alone, ...others] = block;
    if (others.length > 0) {
      const texts = block.map(({ texts, width }) => pad(texts[index] ?? "", width, "right"));
      return [lineOf(name, texts.join(gap))];
    }
    // Nothing stands beside it to be compared with: it begins, and goes on, where the names end.
    const [first = "", ...more] = wrapped(alone?.texts[index] ?? "", room);
    return [lineOf(name, first), ...more.map((text) => lineOf("", text))];
  };
  return blocksOf(records, room)
    .map((block) => names.flatMap((name, index) => linesOf(block, name, index)).join("\n"))
    .join("\n\n");
}

function blocksOf(records: readonly (readonly string[])[], room: number): readonly Block[] {
  const blocks: Block[number][][] = [];
  let left = 0;
  for (const texts of records) {
    const width = texts.reduce((widest, text) => Math.max(widest, textWidth(text)), 0);
    const block = blocks.at(-1);
    left -= gap.length + width;
    if (block !== undefined && left >= 0) {
      block.push({ texts, width });
    } else {
      blocks.push([{ texts, width }]);
      left = room - width;
    }
  }
  return blocks;
}
