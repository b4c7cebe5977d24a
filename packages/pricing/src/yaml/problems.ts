import type { LineCounter, Node } from "yaml";
import { lettersBetween } from "../letters-between.ts";

/** What is wrong in a file that people write, and where. */
export interface FileProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and what was expected: `unknown key "discout". Did you mean discount?` */
  readonly message: string;
}

/** So many are enough to begin with. */
const limit = 100;

/** Collects what is wrong in a file, each with its place. */
export class Problems {
  readonly #lines: LineCounter;
  readonly #found: FileProblem[] = [];

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  /** @param where a node of the file, or an offset into its text */
  add(where: Node | number, message: string): undefined {
    const offset = typeof where === "number" ? where : (where.range?.[0] ?? 0);
    const { line, col } = this.#lines.linePos(offset);
    if (this.#found.length < limit) {
      this.#found.push({ line: Math.max(1, line), column: Math.max(1, col), message });
    }
    return undefined;
  }

  lineOf(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }

  /** In the order of the file. */
  get all(): readonly FileProblem[] {
    return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** "a, b or c" */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
}

/** ` Did you mean "discount"?`, or nothing where no name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const lower = name.slice(0, 64).toLowerCase();
  const near = known
    .map((each) => ({ each, distance: lettersBetween(lower, each.toLowerCase()) }))
    .filter(({ each, distance: far }) => far <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  const [best] = near;
  return best === undefined ? "" : ` Did you mean ${best.each}?`;
}
