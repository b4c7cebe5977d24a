import type { Known } from "../metrics/last-known.ts";
import type { StoreState } from "../metrics/store-families.ts";

/** Whether spans can be acknowledged, in a word and a sentence. */
export interface Readiness {
  readonly ready: boolean;
  readonly status: "ready" | "catching up" | "stopping" | "broken" | "disk full" | "disk silent";
  readonly reason: string | undefined;
}

/** Free bytes below which the journal takes nothing, so that the database has room to work. */
const reservedBytes = 32 * 1024 * 1024;
/** Milliseconds after which a disk that does not answer is one that would not make anything durable. */
const silentMs = 10_000;

/**
 * Whether a span that comes now would be acknowledged. That the database is not open yet, or behind, is no
 * obstacle: the journal is.
 */
export function readinessOf(known: Known<StoreState> | undefined, stopping: boolean): Readiness {
  if (stopping) return no("stopping", "no new requests are taken");
  if (known === undefined) return no("disk silent", "the state of the files is not known yet");
  const { store, disk } = known.value;
  if (store.journal?.broken !== undefined) return no("broken", store.journal.broken);
  if (disk.freeBytes < reservedBytes) {
    return no("disk full", `${disk.freeBytes} bytes are free, and ${reservedBytes} are left alone`);
  }
  if (known.ageMs > silentMs) {
    const seconds = Math.floor(known.ageMs / 1000);
    return no("disk silent", `the disk has not answered for ${seconds} seconds`);
  }
  if (store.databaseOpen) return { ready: true, status: "ready", reason: undefined };
  const reason = "spans are taken; questions wait until the database is open";
  return { ready: true, status: "catching up", reason };
}

function no(status: Readiness["status"], reason: string): Readiness {
  return { ready: false, status, reason };
}
