import { archive } from "./archive.ts";
import { pricesLoad } from "./prices-load.ts";
import { pricesReprice } from "./prices-reprice.ts";
import { pricesUse } from "./prices-use.ts";
import type { WritingCommand } from "./reading-command.ts";

/** The commands that change what is stored, in the order in which help lists them. */
export const writingCommands: readonly WritingCommand[] = [
  pricesLoad,
  pricesReprice,
  pricesUse,
  archive,
];
