import { type Command, Option } from "commander";
import { schemaOf } from "../envelope/envelope.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../ports.ts";
import { printAnswer } from "../print.ts";
import { cellText } from "../render/cells.ts";
import type { Format } from "../render/formats.ts";
import { table } from "../render/table.ts";
import { settingsFile } from "../settings/settings-file.ts";
import { settingsRows } from "../settings/settings-rows.ts";

export function defineConfig(program: Command): Command {
  return program
    .command("config")
    .description("every setting, its value, and where that comes from")
    .addOption(new Option("--show", "what it does anyway").hideHelp())
    .addHelpText(
      "after",
      `\nA flag goes before an environment variable, that before ${settingsFile} in the current folder, such as\n` +
        '  {"db": "costs.duckdb", "http-port": 4400, "keep": "90d"}',
    );
}

/** Shows the settings. @returns what the command ends with */
export function runConfig(program: Command, format: Format, io: Io): ExitCode {
  const rows = settingsRows(program, io.env);
  const envelope = { schema: schemaOf("config"), window: null, rows, warnings: [] };
  return printAnswer(
    envelope,
    format,
    {
      table: (asked, page) => {
        const columns = ["setting", "value", "from", "variable"] as const;
        return table(
          columns.map((name) => ({
            title: name.toUpperCase(),
            side: "left",
            flexible: name === "value",
          })),
          asked.rows.map((row) => ({
            texts: columns.map((name) => cellText(name, row[name] ?? null)),
          })),
          page,
        );
      },
    },
    io,
  );
}
