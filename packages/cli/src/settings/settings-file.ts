import { readFileSync } from "node:fs";
import type { Command, Option } from "commander";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";

/** Where settings are looked for, in the current folder. */
export const settingsFile = "spancost.config.json";

/** What a file may set: whatever an environment variable may, under the name of its flag. */
export function settableOptions(program: Command): ReadonlyMap<string, readonly SetOption[]> {
  const found = new Map<string, SetOption[]>();
  const look = (command: Command) => {
    for (const option of command.options) {
      if (option.envVar === undefined || option.long == null) continue;
      const name = option.long.slice(2);
      found.set(name, [...(found.get(name) ?? []), { command, option }]);
    }
    command.commands.forEach(look);
  };
  look(program);
  return found;
}

/** An option of a command. */
export interface SetOption {
  readonly command: Command;
  readonly option: Option;
}

/**
 * Gives options the values of the file, where there is one: a flag and an environment variable go before it.
 *
 * @throws UsageError where it cannot be read, or sets what there is not
 */
export function applySettings(program: Command): void {
  const settings = readSettings();
  if (settings === undefined) return;
  const known = settableOptions(program);
  for (const [name, value] of Object.entries(settings)) {
    const options = known.get(name);
    if (options === undefined) {
      throw new UsageError(
        `${settingsFile}: there is no setting "${name}".${didYouMean(name, known.keys())} Settings are ${[...known.keys()].join(", ")}.`,
      );
    }
    for (const { command, option } of options) {
      const from = command.getOptionValueSource(option.attributeName());
      if (from !== undefined && from !== "default") continue;
      command.setOptionValueWithSource(
        option.attributeName(),
        textOf(name, value, option),
        "config",
      );
    }
  }
}

function readSettings(): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    text = readFileSync(settingsFile, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UsageError(`${settingsFile} cannot be read (${code}).`);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch (error) {
    throw new UsageError(`${settingsFile} is no JSON: ${(error as Error).message}.`);
  }
  throw new UsageError(`${settingsFile} must be an object, such as {"db": "costs.duckdb"}.`);
}

function textOf(name: string, value: unknown, { argChoices }: Option): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") {
    throw new UsageError(`${settingsFile}: ${name} must be a text or a number.`);
  }
  if (argChoices === undefined || argChoices.includes(text)) return text;
  throw new UsageError(
    `${settingsFile}: ${name} is one of ${argChoices.join(", ")}, not "${text}".`,
  );
}
