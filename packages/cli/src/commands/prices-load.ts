import type { Command } from "commander";
import { contractOf } from "../contract-file.ts";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { CommandError, UsageError } from "../errors.ts";
import { withFile } from "../flags/flag-files.ts";
import type { Texts } from "../flags/texts.ts";
import { loadedTable } from "../render/prices-load.ts";
import { contractRows } from "./contract-rows.ts";
import { pricesCommand } from "./prices-command.ts";
import type { WritingCommand } from "./reading-command.ts";

/** Answer of `spancost prices load`: a row per entry of the file. */
export type LoadEnvelope = Envelope & {
  readonly file: string;
  readonly contract_id: string;
  /** False under --check, and where the same file was loaded before. */
  readonly loaded: boolean;
  readonly check: boolean;
};

/** `spancost prices load`: from now on, spans are priced by this contract file. */
export const pricesLoad: WritingCommand = {
  name: "prices-load",
  takes: ["file", "text", "check"],
  makesStore: true,
  needsStore: (texts) => !texts.isSet("check"),

  define(program: Command): Command {
    return pricesCommand(program)
      .command("load")
      .description(
        "price what arrives from now on by a contract file; what is stored keeps its price",
      )
      .argument(
        "<FILE>",
        "what you really pay, as YAML, or - for standard input: see docs/prices.md",
      )
      .option("--check", "only say what is in it and what is wrong with it")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost prices load --check prices.yaml\n  spancost prices load prices.yaml && spancost prices reprice",
      );
  },

  read: (texts, io) => withFile(texts, "file", "text", io),

  prepare(texts: Texts) {
    const [file, text] = [texts.one("file"), texts.one("text")];
    if (file === undefined || text === undefined) {
      throw new UsageError("prices load needs a FILE, such as prices.yaml.");
    }
    const check = texts.isSet("check");
    return async ({ desk }) => {
      // An empty file is more often a mistake than the wish to have no contract any more.
      if (text.trim() === "") {
        throw new CommandError(
          `${file} is empty, and nothing was loaded. To go back to list prices, load a file that says so: prices: []`,
        );
      }
      const { contract, warnings, known } = check
        ? { ...(await contractOf(text, file)), known: false }
        : await desk.loadContract(text, file);
      const rows = contractRows(contract);
      const base = { schema: schemaOf("prices-load"), window: null, rows, warnings };
      return { ...base, file, contract_id: contract.contractId, loaded: !check && !known, check };
    };
  },

  table: (envelope, page) => loadedTable(envelope as LoadEnvelope, page),
};
