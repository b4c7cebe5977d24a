import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { makeFolder, writeParquetFile } from "@spancost/store";
import { type Cell, type Envelope, schemaOf } from "../envelope/envelope.ts";
import { toJson } from "../envelope/write-json.ts";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import type { Pasteable } from "../pasteable.ts";
import type { Io } from "../ports.ts";
import { printWarnings } from "../print.ts";
import { documentHtml, pictureFiles, pictureNames } from "../render/report/document-files.ts";
import { blankBegin, documentMarkdown } from "../render/report/document-markdown.ts";
import { reportDocument } from "../render/report/report-document.ts";
import { waiting } from "../render/waiting.ts";
import { openSource, type SourceFlags } from "../sources/open-source.ts";
import type { Source } from "../sources/source.ts";
import { type ReportEnvelope, report } from "./report.ts";
import { evidenceColumns } from "./report-evidence.ts";
import { type ReportPath, reportPath } from "./report-path.ts";

/** Writes a report where `out` says, and tells of each file. @returns what the command ends with */
export async function runReport(
  out: string,
  texts: Texts,
  flags: SourceFlags,
  io: Io,
): Promise<ExitCode> {
  const target = reportPath(out);
  const question = report.prepare(texts, io.now());
  const source = await openSource(flags, io);
  try {
    const answer = await waiting(io.notes, "reading", source.answer(report, texts, question));
    const envelope = answer as ReportEnvelope;
    if (envelope.no_data === true) {
      printWarnings(envelope.warnings, io);
      return exitCodes.noData;
    }
    const written = await writing(
      write(target, envelope, io.pasteable, () => evidence(source, texts, envelope, io)),
    );
    for (const file of written) io.notes.write(`${file}\n`);
    return exitCodes.ok;
  } finally {
    await source.close();
  }
}

/** What a report consists of, into the files that were asked for. @returns their paths */
async function write(
  { kind, path }: ReportPath,
  envelope: ReportEnvelope,
  pasteable: Pasteable,
  readEvidence: () => Promise<Envelope>,
): Promise<string[]> {
  const document = reportDocument(envelope, pasteable);
  const files = new Map<string, string>();
  /** Pictures of an earlier report in the same place. */
  const stale: string[] = [];
  const folder = kind === "folder" ? path : dirname(path);
  const addMarkdown = (file: string, prefix: string) => {
    const pictures = pictureFiles(document);
    files.set(file, `${documentMarkdown(document, (name) => `${prefix}${name}.svg`)}\n`);
    for (const name of pictureNames) {
      const picture = join(folder, `${prefix}${name}.svg`);
      const svg = pictures.get(name);
      if (svg === undefined) stale.push(picture);
      else files.set(picture, svg);
    }
  };
  const json = `${toJson(envelope as unknown as Cell)}\n`;
  if (kind === "markdown") addMarkdown(path, `${basename(path, ".md")}-`);
  if (kind === "html") files.set(path, documentHtml(document));
  if (kind === "json") files.set(path, json);
  if (kind === "folder") {
    addMarkdown(join(path, "report.md"), "");
    files.set(join(path, "report.html"), documentHtml(document));
    files.set(join(path, "report.json"), json);
  }
  for (const [file, text] of files) await keepOthers(file, text);
  await makeFolder(folder);
  const written = [...files.keys()];
  if (kind === "folder") {
    const parquet = join(path, "evidence.parquet");
    const { rows } = await readEvidence();
    await writeParquetFile(
      parquet,
      evidenceColumns,
      rows.map((row) => evidenceColumns.map(({ name }) => textOrNull(row[name] ?? null))),
    );
    written.push(parquet);
  }
  for (const [file, text] of files) await writeFile(file, text);
  // They tell of another time.
  for (const picture of stale) await rm(picture, { force: true });
  return written;
}

/** What each page and each JSON of a report has, and hardly any other file. */
const reportMarks: Readonly<Record<string, string>> = {
  ".html": '<meta name="generator" content="spancost"/>',
  ".json": `"schema": "${schemaOf("report")}"`,
};

/** @throws CommandError where `text` would replace anything but a report, or one in which people have filled in blanks */
async function keepOthers(file: string, text: string): Promise<void> {
  const mark = reportMarks[extname(file).toLowerCase()];
  const blanks = text.split("\n").filter((line) => line.startsWith(blankBegin));
  const marks = mark === undefined ? blanks : [mark];
  if (marks.length === 0 || !existsSync(file)) return;
  const there = await readFile(file, "utf8");
  if (marks.every((each) => there.includes(each))) return;
  const what =
    mark === undefined
      ? "no report with its blanks still empty: what somebody wrote into it would be lost"
      : "no report of spancost's: it would be lost";
  throw new CommandError(
    `${file} is there, and ${what}. Name another place with --out, or move it away.`,
  );
}

/** The records behind the report, of the same window, though more may have come in meanwhile. */
async function evidence(
  source: Source,
  texts: Texts,
  { window, traces }: ReportEnvelope,
  io: Io,
): Promise<Envelope> {
  const examples = [traces.median, traces.normal].flatMap((trace) =>
    trace === null ? [] : [String(trace["trace_id"])],
  );
  const asked = texts.with([
    ["since", [window?.since ?? ""]],
    ["until", [window?.until ?? ""]],
    ["evidence", [examples.length === 0 ? "true" : examples.join()]],
  ]);
  const question = report.prepare(asked, io.now());
  const envelope = await waiting(
    io.notes,
    "reading the evidence",
    source.answer(report, asked, question),
  );
  printWarnings(envelope.warnings, io);
  return envelope;
}

function textOrNull(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

/** @throws CommandError where a file cannot be written */
async function writing(files: Promise<string[]>): Promise<string[]> {
  try {
    return await files;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    throw new CommandError(
      `${path} cannot be written (${code}). Name another place with --out, or make room for it.`,
    );
  }
}
