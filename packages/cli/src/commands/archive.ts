import { resolve } from "node:path";
import type { Command } from "commander";
import { type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Texts } from "../flags/texts.ts";
import type { Io } from "../ports.ts";
import { archiveTable } from "../render/archive.ts";
import { parseAge } from "./archive-flags.ts";
import type { ArchivedDate, ArchivingWorld } from "./archive-port.ts";
import type { WritingCommand } from "./reading-command.ts";

/** Answer of `spancost archive`: a row per day. */
export type ArchiveEnvelope = Envelope & {
  /** On the machine that has the database. */
  readonly dir: string;
  /** The first day that is not archived, such as "2026-11-01". */
  readonly until: string;
};

const millisPerDay = 86_400_000;

/** `spancost archive`: whole days as Parquet files. */
export const archive: WritingCommand = {
  name: "archive",
  takes: ["dir", "older-than", "drop"],

  define(program: Command): Command {
    return program
      .command("archive")
      .description("write whole days of cost records and spans into Parquet files, one a day")
      .argument("<DIR>", "the folder to write into; made where anything is archived")
      .option("--older-than <age>", "only days that ended so long ago, such as 30d")
      .option("--drop", "delete these days here, once their files are read back and found equal")
      .addHelpText(
        "after",
        "\nA day that has its files already is written again only where it has changed.\n\n" +
          "Examples:\n  spancost archive archive\n  spancost archive archive --older-than 30d --drop\n" +
          "  duckdb -c \"select feature, sum(cost_usd) from 'archive/cost_records/**/*.parquet' group by feature\"",
      );
  },

  async read(texts: Texts, _: Io) {
    // A receiver may have been started in another folder.
    const dir = texts.one("dir");
    return dir === undefined || dir === "" ? texts : texts.with([["dir", [resolve(dir)]]]);
  },

  prepare(texts: Texts, now: number) {
    const dir = texts.one("dir");
    if (dir === undefined || dir === "") {
      throw new UsageError("archive needs a DIR, such as archive.");
    }
    const drop = texts.isSet("drop");
    const olderThan = texts.one("older-than");
    const age = olderThan === undefined ? 0 : parseAge("older-than", olderThan);
    // A day's last spans arrive after it: what is deleted takes none any more.
    if (drop && age < millisPerDay) {
      throw new UsageError(
        "--drop takes days that ended at least 24 hours ago: give --older-than as well, such as --older-than 30d.",
      );
    }
    const until = Math.floor((now - age) / millisPerDay) * millisPerDay;
    return async ({ archivist }: ArchivingWorld) => {
      if (archivist === undefined) {
        throw new CommandError("archives are written where the database is: see --db and --url.");
      }
      const days = await archivist.archive({ folder: dir, until, drop });
      const date = new Date(until).toISOString().slice(0, 10);
      const base = { schema: schemaOf("archive"), window: null, dir, until: date };
      const rows = days.map(rowOf);
      if (rows.length > 0) return { ...base, rows, warnings: [] };
      const warnings = [
        `No call or span from before ${date} is in the database: there is nothing to archive.`,
      ];
      return { ...base, rows, warnings, no_data: true };
    };
  },

  table: (envelope, page) => archiveTable(envelope as ArchiveEnvelope, page),
};

function rowOf({ date, records, spans, costUsd, bytes, written, dropped }: ArchivedDate): Row {
  const cost = costUsd === undefined ? null : new ExactNumber(costUsd);
  return { date, records, spans, cost_usd: cost, bytes, written, dropped };
}
