/** A file of traces that cannot be read, or not to its end. What was read before that point has been delivered. */
export class TraceFileError extends Error {
  override readonly name = "TraceFileError";
  /** As it was given; `stdin` for standard input. */
  readonly file: string;
  /** The line of a .jsonl file, from 1. */
  readonly line: number | undefined;

  constructor(file: string, problem: string, line?: number) {
    super(line === undefined ? `${file}: ${problem}` : `${file}, line ${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}
