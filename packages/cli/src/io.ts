import { styleText } from "node:util";
import { pasteableFor } from "./pasteable.ts";
import type { Io, Out } from "./ports.ts";
import type { SourceFlags } from "./sources/open-source.ts";

/** The streams and the environment of this process. */
export function processIo(): Io {
  const stderr = outOf(process.stderr);
  return {
    stdin: process.stdin,
    stdout: outOf(process.stdout),
    stderr,
    notes: stderr,
    env: process.env,
    pasteable: pasteableFor(process.env),
    now: () => Date.now(),
  };
}

/** The same, with hints that ask the database or receiver of these flags. */
export function hintingAt(flags: SourceFlags | undefined, io: Io): Io {
  const pasteable = pasteableFor(io.env, flags);
  const { notes } = io;
  const hints: Out = {
    isTTY: notes.isTTY,
    get columns() {
      return notes.columns;
    },
    write: (text) => notes.write(pasteable(text)),
    style: (format, text) => notes.style(format, text),
  };
  return { ...io, notes: hints, pasteable };
}

/** The same without what is only said to somebody who watches. */
export function quiet(io: Io): Io {
  const nowhere: Out = { isTTY: false, columns: undefined, write() {}, style: (_, text) => text };
  return { ...io, notes: nowhere };
}

function outOf(stream: NodeJS.WriteStream): Out {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    write: (text) => {
      stream.write(text);
    },
    // With the stream given it shows styles only where NO_COLOR, FORCE_COLOR and the terminal have them.
    style: (format, text) => styleText(format, text, { stream }),
  };
}
