import type { Cell } from "./envelope.ts";
import { ExactNumber } from "./exact-number.ts";

/** `value` as JSON, each member and entry on a line of its own. */
export function toJson(value: Cell): string {
  return write(value, "\n");
}

/** `value` as JSON on one line. */
export function toJsonLine(value: Cell): string {
  return write(value, undefined);
}

/** `newLine` is a line feed and the indentation to go on with; `undefined` for none. */
function write(value: Cell, newLine: string | undefined): string {
  if (value instanceof ExactNumber) return value.text;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = newLine === undefined ? undefined : `${newLine}  `;
  if (Array.isArray(value)) {
    return enclosed(
      "[]",
      value.map((entry: Cell) => write(entry, inner)),
      newLine,
    );
  }
  const colon = newLine === undefined ? ":" : ": ";
  return enclosed(
    "{}",
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => JSON.stringify(name) + colon + write(member as Cell, inner)),
    newLine,
  );
}

function enclosed(brackets: string, parts: readonly string[], newLine: string | undefined): string {
  const [open = "", close = ""] = brackets;
  if (parts.length === 0) return open + close;
  if (newLine === undefined) return open + parts.join(",") + close;
  return `${open}${newLine}  ${parts.join(`,${newLine}  `)}${newLine}${close}`;
}
