import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../errors.ts";
import { type Format, formats } from "../render/formats.ts";
import { defaultDb, type SourceFlags } from "../sources/open-source.ts";
import { Texts } from "./texts.ts";

/** `--db`, for commands that read or write a file. */
export function dbOption(): Option {
  return new Option("--db <file>", "the database file")
    .env("SPANCOST_DB")
    .default(defaultDb)
    .argParser((file) => {
      if (file === "") throw new InvalidArgumentError("It takes the path of a file.");
      return file;
    });
}

/** `--db` and `--url`, for commands that read. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(dbOption())
    .addOption(
      new Option("--url <url>", "ask the receiver whose page is at this address").env(
        "SPANCOST_URL",
      ),
    );
}

/** `--since`, `--until` and `--where`, as far as the command takes them. */
export function addWindowOptions(command: Command, takes: readonly string[]): Command {
  if (takes.includes("since")) {
    command.option(
      "--since <time>",
      "from this time on: 2h, 7d, today, 14:10, 2026-11-19, RFC 3339 (UTC)",
    );
    command.option("--until <time>", "up to this time, not included");
  }
  if (takes.includes("where")) {
    command.option(
      "--where <k=v>",
      "only calls with this value, repeatable; k!=v for all others",
      collect,
    );
  }
  return command;
}

/** `--run`, for commands that show costs. */
export function addRunOption(command: Command): Command {
  return command.option("--run <n>", "costs as of this re-pricing, or as booked");
}

/** `--timezone`, for commands that read or show times. */
export function addZoneOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--timezone <zone>",
      "of times without one, of days, and of times in tables, such as Europe/Berlin (default: UTC)",
    ).env("SPANCOST_TIMEZONE"),
  );
}

/** Gathers the values of a flag that can be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** `--format` and `--json`. */
export function addFormatOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--format <format>", "how to print the answer")
        .choices([...formats])
        .env("SPANCOST_FORMAT")
        .default("table"),
    )
    .addOption(new Option("--json", "short for --format json").implies({ format: "json" }));
}

/** @throws UsageError where two are asked for */
export function formatOf(command: Command): Format {
  const { format, json } = command.opts<{ format: Format; json?: boolean }>();
  if (json !== true) return format;
  if (format === "json" || command.getOptionValueSource("format") !== "cli") return "json";
  throw new UsageError(
    `--json and --format ${format} exclude each other: --json is short for --format json.`,
  );
}

export function sourceFlags(command: Command): SourceFlags {
  const { db, url } = command.opts<{ db: string; url?: string }>();
  const from = (source: string) =>
    (["db", "url"] as const).filter((name) => command.getOptionValueSource(name) === source);
  return { db, url, typed: from("cli"), inEnvironment: from("env") };
}

/** The file or receiver that a hint of this command has to name; `undefined` for one that asks neither. */
export function namedSource(command: Command): SourceFlags | undefined {
  const flags = sourceFlags(command);
  if (flags.db === undefined) return undefined;
  // The demo has a file of its own, which no other command would take unsaid.
  const isOwn = command.getOptionValueSource("db") === "default" && flags.db !== defaultDb;
  return isOwn ? { ...flags, typed: ["db"] } : flags;
}

/** The arguments and flags of a command as texts, under the names that `takes` gives them. */
export function textsOf(command: Command, takes: readonly string[]): Texts {
  const named = Object.entries(command.opts<Record<string, unknown>>()).map(
    ([name, value]) => [withHyphens(name), value] as const,
  );
  const positional = command.registeredArguments.map((argument, index): [string, unknown] => [
    argument.name().toLowerCase(),
    command.args[index],
  ]);
  return new Texts(
    [...named, ...positional]
      .filter(([name]) => takes.includes(name))
      .map(([name, value]) => [name, asTexts(value)] as const),
  );
}

/** What commander calls failOn was typed as fail-on. */
function withHyphens(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function asTexts(value: unknown): string[] {
  if (value === undefined || value === false) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
