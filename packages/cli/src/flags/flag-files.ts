import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { CommandError } from "../errors.ts";
import type { Io } from "../ports.ts";
import type { Texts } from "./texts.ts";

/** What is in the file that a flag of a receiver names. @throws CommandError */
export function textOfFlag(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw notRead(`--${flag} ${file}`, error);
  }
}

/** The texts with what is in the file that `name` names, as `content`. `-` is standard input. */
export async function withFile(
  texts: Texts,
  name: string,
  content: string,
  io: Io,
): Promise<Texts> {
  const path = texts.one(name);
  if (path === undefined) return texts;
  const read = path === "-" ? await textOf(io.stdin) : await fileText(path);
  const shortName = path === "-" ? "standard input" : basename(path);
  return texts.with([
    [name, [shortName]],
    [content, [read]],
  ]);
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw notRead(path, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not",
};

function notRead(name: string, error: unknown): CommandError {
  const { code = "" } = error as NodeJS.ErrnoException;
  return new CommandError(`${name} cannot be read: ${reasons[code] ?? code}.`);
}
