import { readQueryFile } from "@spancost/store";
import type { Command } from "commander";
import { schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import type { Texts } from "../flags/texts.ts";
import { askedWindow, resolveWindow } from "../flags/window.ts";
import { unpricedTable } from "../render/prices-unpriced.ts";
import { noDataWarning } from "./no-data.ts";
import { pricesCommand } from "./prices-command.ts";
import type { ReadingCommand } from "./reading-command.ts";

/** `spancost prices unpriced`: what has no price, by the tokens at risk. */
export const pricesUnpriced: ReadingCommand = {
  name: "prices-unpriced",
  takes: ["since", "until", "run"],
  needsStore: () => true,

  define(program: Command): Command {
    return pricesCommand(program)
      .command("unpriced")
      .description("models and tools whose calls have no price, most tokens first")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost prices unpriced --since 7d\n\n" +
          "A price comes from a contract file: spancost prices load FILE.",
      );
  },

  prepare(texts: Texts, now: number) {
    const asked = askedWindow(texts, now);
    return async ({ reader }) => {
      const window = await resolveWindow(reader, asked);
      const base = { schema: schemaOf("prices-unpriced"), window: window ?? null };
      if (window === undefined) {
        const warnings = [await noDataWarning(reader, undefined, [])];
        return { ...base, rows: [], warnings, no_data: true };
      }
      const rows = toRows(await reader.readRows(readQueryFile("unpriced").sql, window));
      return { ...base, rows, warnings: [] };
    };
  },

  table: ({ rows, no_data }, page) => (no_data === true ? "" : unpricedTable(rows, page)),
};
