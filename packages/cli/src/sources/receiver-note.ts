import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { json as jsonOf } from "node:stream/consumers";
import { sendRequest } from "./http-request.ts";

/** What a receiver leaves beside the file that it has open, so that other commands find it. */
export interface ReceiverNote {
  readonly schema: "spancost/receiver@1";
  readonly pid: number;
  /** Of its page and API. */
  readonly url: string;
  /** Base of its OTLP endpoint. */
  readonly otlp_url: string;
  readonly started_at: string;
  /** For commands on this machine, where the receiver asks for tokens. */
  readonly token?: string;
  /** In PEM, where the receiver uses TLS. */
  readonly cert?: string;
}

const schema = "spancost/receiver@1";
/** Milliseconds that a receiver has to say that it lives. It may be in the middle of a long query. */
const patience = 5_000;

/** `spancost.duckdb.receiver.json`, beside the file itself where `dbFile` is a link. */
export function notePath(dbFile: string): string {
  return `${realPath(dbFile)}.receiver.json`;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Readers see the whole note or none. It may hold a token: nobody else on this machine may read it. */
export function writeNote(dbFile: string, note: Omit<ReceiverNote, "schema">): void {
  const path = notePath(dbFile);
  const text = `${JSON.stringify({ schema, ...note }, null, 2)}\n`;
  writeFileSync(`${path}.${note.pid}`, text, { mode: 0o600 });
  renameSync(`${path}.${note.pid}`, path);
}

/** Removes the note that this process wrote, and no other. */
export function removeNote(dbFile: string, pid: number): void {
  if (readNote(dbFile)?.pid === pid) rmSync(notePath(dbFile), { force: true });
}

function readNote(dbFile: string): ReceiverNote | undefined {
  try {
    const note = JSON.parse(readFileSync(notePath(dbFile), "utf8")) as Partial<ReceiverNote>;
    const complete = typeof note.url === "string" && typeof note.otlp_url === "string";
    return note.schema === schema && complete ? (note as ReceiverNote) : undefined;
  } catch {
    // No note, or one that is being removed.
    return undefined;
  }
}

/**
 * The receiver that has `dbFile` open, or `undefined` where none answers as the one that wrote the note: one
 * that was killed leaves its note behind.
 */
export async function runningReceiver(dbFile: string): Promise<ReceiverNote | undefined> {
  const note = readNote(dbFile);
  if (note === undefined) return undefined;
  try {
    const response = await sendRequest(
      new URL("livez", withSlash(note.url)),
      { cert: note.cert },
      { connectMillis: patience, answerMillis: patience, slowMillis: patience, onSlow() {} },
    );
    const { pid } = (await jsonOf(response)) as { pid?: number };
    return pid === note.pid ? note : undefined;
  } catch {
    return undefined;
  }
}

/** A base URL to which paths can be added. */
export function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
