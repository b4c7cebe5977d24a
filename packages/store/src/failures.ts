/** What a failure of the database means for it. */
export type Failure =
  /** The statement failed; the database is as it was. */
  | "statement"
  /** The instance is unusable until it is opened again. What was committed is there. */
  | "instance"
  /** The file is damaged. */
  | "file"
  /** The disk is full, or failed for a moment. */
  | "disk";

/**
 * What DuckDB says, in its own words, of each kind. Anchored where a person's SQL could make up the text: its
 * `error()` function gives an Invalid Input Error.
 */
const sayings: readonly (readonly [Failure, RegExp])[] = [
  ["file", /^(FATAL|IO|Serialization|INTERNAL) Error: .*Corrupt (database|WAL) file/s],
  ["file", /^IO Error: Corrupt /],
  // It ends before a block that it says it has.
  ["file", /^IO Error: Could not read enough bytes from file /],
  ["file", /^(FATAL|INTERNAL|TransactionContext) Error: .*Corrupt database file/s],
  ["disk", /^IO Error: .*(No space left|Could not write|Could not truncate|Disk quota)/s],
  ["disk", /^TransactionContext Error: Failed to commit: .*(No space left|Could not write)/s],
  // Nothing can be spilled: the limit that it names is the space left on the disk.
  ["disk", /^Out of Memory Error: .*max_temp_directory_size/s],
  ["instance", /^FATAL Error/],
  ["instance", /^Invalid Error: .*database has been invalidated/s],
  ["instance", /database has been invalidated because of a previous fatal error/],
];

/** Sorts what DuckDB threw, also inside another error. */
export function failureOf(error: unknown): Failure {
  for (let each = error; each instanceof Error; each = each.cause) {
    for (const [failure, saying] of sayings) if (saying.test(each.message)) return failure;
  }
  return "statement";
}

/**
 * Whether a file that could not be opened is damaged, and not merely locked, newer or out of reach.
 *
 * A zeroed or overwritten header is "not a valid DuckDB database file"; a torn one fails in deserialization. A log
 * that does not belong to its file, for a power loss brought back one of before, fails with any kind of error.
 */
export function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (failureOf(error) === "file") return true;
  return damage.test(error.message) && !outOfReach.test(error.message);
}

const damage =
  /^(IO|Serialization|INTERNAL|Invalid|FATAL|Catalog|Binder|Conversion|Out of Range|Not implemented)\b.*Error|Failure while replaying .*WAL file/i;

const outOfReach =
  /Permission denied|Could not set lock|No such file|Cannot open file|No space left|Out of Memory/;

/** Whether a row was refused for what it holds, so that trying again is in vain; memory or the disk may come back. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  if (!(error instanceof Error) || failureOf(error) !== "statement") return false;
  return /^(Conversion|Constraint|Out of Range|Invalid Input|Not implemented) Error/.test(
    error.message,
  );
}

/** Whether something would be done with more memory, and not only with more disk. */
export function wantsMemory(error: unknown): boolean {
  if (!(error instanceof Error) || failureOf(error) !== "statement") return false;
  return /^Out of Memory Error: /.test(error.message) || wantsMemory(error.cause);
}

/** What an error says, for a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
