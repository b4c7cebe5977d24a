import type { Row } from "../envelope/envelope.ts";
import type { TextStyle } from "../ports.ts";
import { type Page, pasted } from "./table.ts";
import { harmless } from "./text-width.ts";

const marks: Readonly<Record<string, readonly [mark: string, style: TextStyle]>> = {
  error: ["error  ", "red"],
  warning: ["warning", "yellow"],
  info: ["ok     ", "green"],
};

/** What is so, and below it what to type: worst first. */
export function doctorTable(rows: readonly Row[], page: Page): string {
  const order = Object.keys(marks);
  return rows
    .toSorted((a, b) => order.indexOf(String(a["severity"])) - order.indexOf(String(b["severity"])))
    .map(({ severity, message, fix }) => {
      const [mark, style] = marks[String(severity)] ?? ["", "dim"];
      const line = pasted(String(fix), page);
      return `${page.style(style, mark)}  ${harmless(String(message))}\n         → ${harmless(line)}`;
    })
    .join("\n");
}
