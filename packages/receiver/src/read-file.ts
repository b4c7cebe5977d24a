import type { Span } from "@spancost/records";
import { DecodeError } from "./decode-error.ts";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import type { DecoderOptions } from "./decoder.ts";
import { fileBytes, fileName, withHead } from "./file-bytes.ts";
import { linesOf } from "./lines.ts";
import { parseJson } from "./parse-json.ts";
import { Problems } from "./problems.ts";
import { TraceFileError } from "./trace-file-error.ts";
import { wholeFields } from "./whole-fields.ts";

/** One protobuf request; one OTLP/JSON request or an array of them; one OTLP/JSON request per line. */
export type FileFormat = "protobuf" | "json" | "jsonl";

const formatsByEnding: ReadonlyMap<string, FileFormat> = new Map([
  ["pb", "protobuf"],
  ["json", "json"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
]);

/** How a file is read. */
export interface ReadOptions<Row = Span> extends DecoderOptions<Row> {
  /** Where refused spans and warnings are counted; they do not end the reading. */
  readonly problems?: Problems;
  /** Default: as the file's name ends, or else as its first bytes look. */
  readonly format?: FileFormat;
  /** Spans yielded at once, about. Default 4,096. */
  readonly batchSpans?: number;
  /** What `-` reads. Default: the process's own standard input. */
  readonly stdin?: AsyncIterable<Buffer>;
}

/** One file while it is being read. */
interface Reading<Row> {
  readonly name: string;
  readonly options: ReadOptions<Row>;
  readonly problems: Problems;
  readonly batchSpans: number;
}

/**
 * The spans of the file at `path`, or of standard input where it is `-`, in batches.
 *
 * What is in memory is a line of a .jsonl file, a list of one resource's spans of a .pb file, and all of a .json
 * file; never all spans. Gzip and zstd are unpacked.
 * @throws TraceFileError where the file cannot be read or decoded; the batches before that are good.
 */
export async function* readSpans<Row = Span>(
  path: string,
  options: ReadOptions<Row>,
): AsyncGenerator<Row[], void> {
  const reading: Reading<Row> = {
    name: fileName(path),
    options,
    problems: options.problems ?? new Problems(),
    batchSpans: options.batchSpans ?? 4096,
  };
  yield* regrouped(batchesOf(path, reading), reading.batchSpans);
}

async function* batchesOf<Row>(path: string, reading: Reading<Row>): AsyncGenerator<Row[], void> {
  const { options, name } = reading;
  const { head, chunks } = await withHead(fileBytes(path, options.stdin ?? process.stdin));
  switch (options.format ?? formatByName(path) ?? formatByContent(head, name)) {
    case "protobuf":
      return yield* readProtobuf(reading, chunks);
    case "json":
      return yield* readJson(reading, await joined(chunks));
    case "jsonl":
      return yield* readLines(reading, linesOf(chunks));
    case "json or jsonl":
      return yield* readJsonOrLines(reading, linesOf(chunks));
  }
}

/** The spans of `batches` in arrays of `batchSpans` and more; those before an error come before it. */
async function* regrouped<Row>(
  batches: AsyncIterable<Row[]>,
  batchSpans: number,
): AsyncGenerator<Row[], void> {
  let spans: Row[] = [];
  try {
    for await (const batch of batches) {
      for (const span of batch) spans.push(span);
      if (spans.length < batchSpans) continue;
      yield spans;
      spans = [];
    }
  } catch (error) {
    if (spans.length > 0) yield spans;
    throw error;
  }
  if (spans.length > 0) yield spans;
}

function formatByName(path: string): FileFormat | undefined {
  const ending = /\.([a-z]+)(\.gz|\.zst)?$/i.exec(path)?.[1];
  return formatsByEnding.get(ending?.toLowerCase() ?? "");
}

/** Protobuf begins with the tag of a request's only field, which is 10; JSON with a bracket. */
function formatByContent(head: Buffer, name: string): "protobuf" | "json or jsonl" {
  if (head.byteLength === 0 || head[0] === 0x0a) return "protobuf";
  if (/^\s*([[{]|$)/.test(head.toString("latin1"))) return "json or jsonl";
  throw new TraceFileError(name, "this is neither OTLP in protobuf nor in JSON");
}

async function* readProtobuf<Row>(
  reading: Reading<Row>,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Row[], void> {
  const { problems, batchSpans } = reading;
  const decoder = new ProtobufDecoder(reading.options);
  for await (const { bytes, origin } of wholeFields(chunks)) {
    yield* inFile(reading, () => decoder.batches(bytes, problems, batchSpans, origin));
  }
}

function* readJson<Row>(reading: Reading<Row>, bytes: Buffer): Generator<Row[], void> {
  const { problems, batchSpans } = reading;
  const decoder = new JsonDecoder(reading.options);
  yield* inFile(reading, function* () {
    const document = parseJson(bytes);
    if (!Array.isArray(document)) return yield* decoder.batchesOf(document, problems, batchSpans);
    for (const [index, request] of document.entries()) {
      problems.where = `request ${index + 1}, `;
      yield* decoder.batchesOf(request, problems, batchSpans);
    }
  });
}

async function* readLines<Row>(
  reading: Reading<Row>,
  lines: AsyncIterable<Buffer>,
): AsyncGenerator<Row[], void> {
  const { problems, batchSpans } = reading;
  const decoder = new JsonDecoder(reading.options);
  let line = 0;
  for await (const bytes of lines) {
    line += 1;
    if (isBlank(bytes)) continue;
    problems.where = `line ${line}, `;
    yield* inFile(reading, () => decoder.batches(bytes, problems, batchSpans), line);
  }
}

/** A request on the first line makes it lines; a document that goes on after it is read as a whole. */
async function* readJsonOrLines<Row>(
  reading: Reading<Row>,
  lines: AsyncIterator<Buffer> & AsyncIterable<Buffer>,
): AsyncGenerator<Row[], void> {
  const first = await lines.next();
  if (first.done) return;
  const all = (async function* () {
    yield first.value;
    yield* lines;
  })();
  if (isBlank(first.value) || !isJson(first.value)) {
    yield* readJson(reading, await joined(all, lineFeed));
  } else {
    yield* readLines(reading, all);
  }
}

const lineFeed = Buffer.from("\n");

/** The batches that `decode` yields, with errors that name the file and the line. */
function* inFile<Row>(
  reading: Reading<Row>,
  decode: () => Generator<Row[], void>,
  line?: number,
): Generator<Row[], void> {
  try {
    yield* decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new TraceFileError(reading.name, error.message, line);
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    parseJson(bytes);
    return true;
  } catch {
    return false;
  }
}

function isBlank(line: Buffer): boolean {
  return line.byteLength < 8 && line.toString("latin1").trim() === "";
}

async function joined(
  parts: AsyncIterable<Buffer>,
  separator: Buffer = Buffer.alloc(0),
): Promise<Buffer> {
  const list: Buffer[] = [];
  for await (const part of parts) {
    if (list.length > 0) list.push(separator);
    list.push(part);
  }
  return Buffer.concat(list);
}
