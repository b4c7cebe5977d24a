import { queryNames } from "@spancost/store";
import type { Argument, Command, Option } from "commander";
import { dimensionNames } from "../flags/dimensions.ts";

/** What could be typed next. */
export interface Candidates {
  readonly words: readonly Candidate[];
  /** Names of files could, too. */
  readonly files: boolean;
}

export interface Candidate {
  readonly word: string;
  /** One line about it. */
  readonly about: string;
}

const none: Candidates = { words: [], files: false };

/**
 * What the last of the words could become, in the command line that they are the beginning of.
 *
 * @param words those behind `spancost`; the last is what is being typed, and may be empty
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const typed = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  let command = program;
  let places = 0;
  let open: Option | undefined;
  for (const word of typed) {
    if (open !== undefined) {
      open = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      open = word.includes("=") ? undefined : valueOption(command, word);
      continue;
    }
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) places += 1;
    else command = next;
  }
  const all = open === undefined ? ofPlace(command, places, current) : ofOption(open);
  return { ...all, words: all.words.filter(({ word }) => word.startsWith(current)) };
}

/** The option of that name, where it takes a value. */
function valueOption(command: Command, name: string): Option | undefined {
  return command.options.find(
    ({ long, short, required, optional }) =>
      (name === long || name === short) && (required || optional),
  );
}

function ofPlace(command: Command, places: number, current: string): Candidates {
  if (current.startsWith("-")) return { words: flagsOf(command), files: false };
  const subcommands =
    places > 0
      ? []
      : command
          .createHelp()
          .visibleCommands(command)
          .map((each) => ({ word: each.name(), about: firstLine(each.description()) }));
  const argument = command.registeredArguments[places] ?? lastVariadic(command);
  const ofIt = argument === undefined ? none : ofArgument(command, argument);
  return { words: [...subcommands, ...ofIt.words], files: ofIt.files };
}

function flagsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ word: long, about: firstLine(description) }],
    );
}

function lastVariadic(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}

function ofArgument(command: Command, argument: Argument): Candidates {
  if (argument.argChoices !== undefined) return plain(argument.argChoices);
  if (command.name() === "query") return plain(queryNames());
  return { words: [], files: isPath(argument.name()) };
}

function ofOption(option: Option): Candidates {
  if (option.argChoices !== undefined) return plain(option.argChoices);
  if (option.long === "--by") return plain(dimensionNames);
  if (option.long === "--where") return plain(dimensionNames.map((name) => `${name}=`));
  return { words: [], files: isPath(option.flags) };
}

function isPath(text: string): boolean {
  return /\b(file|dir|dir\|file|out)\b/i.test(text);
}

function plain(words: readonly string[]): Candidates {
  return { words: words.map((word) => ({ word, about: "" })), files: false };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
