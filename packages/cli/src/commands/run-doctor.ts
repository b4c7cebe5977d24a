import { existsSync } from "node:fs";
import { join } from "node:path";
import { examineProject } from "@spancost/instrumentation/doctor";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import { utc, zoneOf } from "../flags/time-zone.ts";
import type { Io } from "../ports.ts";
import { printAnswer } from "../print.ts";
import { doctorTable } from "../render/doctor.ts";
import type { Format } from "../render/formats.ts";
import type { SourceFlags } from "../sources/open-source.ts";
import { examineReceived } from "./doctor-received.ts";

/** Looks at a service's folder and at what was received. @returns 1 where something keeps calls from being seen */
export async function runDoctor(
  folder: string,
  texts: Texts,
  flags: SourceFlags,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  if (!existsSync(folder)) {
    throw new UsageError(
      `there is no folder ${folder}. Name the one of your service's package.json.`,
    );
  }
  // Without a folder named, only one that is a project is looked at.
  const isProject = folder !== "." || existsSync(join(folder, "package.json"));
  const project = isProject ? examineProject(folder) : [];
  // Answers as data are in UTC whatever the zone is.
  const zone = zoneOf(texts);
  const received = await examineReceived(flags, format === "table" ? zone : utc, io);
  const rows = [
    ...project.map((finding) => ({ about: "service", ...finding })),
    ...received.map((finding) => ({ about: "received", ...finding })),
  ];
  const envelope: Envelope = { schema: schemaOf("doctor"), window: null, rows, warnings: [] };
  printAnswer(envelope, format, { table: ({ rows: found }, page) => doctorTable(found, page) }, io);
  return rows.some(({ severity }) => severity === "error") ? exitCodes.failure : exitCodes.ok;
}
