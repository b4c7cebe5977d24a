import type { Command } from "commander";
import type { Row } from "../envelope/envelope.ts";
import { settableOptions, settingsFile } from "./settings-file.ts";

/** What a value that might be a secret is shown as: a webhook's address is one. */
const hidden = "(set)";
const secrets: ReadonlySet<string> = new Set(["notify"]);

/** Every setting with its value, and where that comes from. */
export function settingsRows(
  program: Command,
  env: Readonly<Record<string, string | undefined>>,
): readonly Row[] {
  return [...settableOptions(program)].map(([name, [first]]) => {
    if (first === undefined) throw new TypeError(`${name} is an option of no command`);
    const { command, option } = first;
    const variable = option.envVar ?? "";
    const fromEnvironment = env[variable];
    const key = option.attributeName();
    const isInFile = command.getOptionValueSource(key) === "config";
    const value: unknown = fromEnvironment ?? command.getOptionValue(key) ?? option.defaultValue;
    const from =
      fromEnvironment !== undefined
        ? variable
        : isInFile
          ? settingsFile
          : value === undefined
            ? null
            : "default";
    return {
      setting: name,
      value: value === undefined ? null : secrets.has(name) ? hidden : textOf(value),
      from,
      variable,
    };
  });
}

/** Without the password that may stand in an address. */
function textOf(value: unknown): string {
  const text = String(value);
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === "") return text;
  url.password = "***";
  return url.href;
}
