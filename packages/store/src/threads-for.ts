import { availableParallelism } from "node:os";

/** Bytes of a database that are worth a thread more: some 2,500,000 records. */
const bytesPerThread = 2 ** 28;

/**
 * Threads for a question to a database of so many bytes.
 *
 * Two at once take a tenth to a half more CPU than one, and what is small is answered soon enough by one.
 */
export function threadsFor(bytes: number, cores = availableParallelism()): number {
  return Math.min(cores, 1 + Math.floor(bytes / bytesPerThread));
}
