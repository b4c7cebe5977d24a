import { Problems, type ReadOptions, readSpans, TraceFileError } from "@spancost/receiver";
import { keepSpan, type SpanReader } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Io, Reader } from "../ports.ts";
import { printAnswer, printError } from "../print.ts";
import type { Format } from "../render/formats.ts";
import { ingestSummary, stoppedReading, stoppedWorkingOut } from "../render/ingest.ts";
import { ProgressLine } from "../render/progress.ts";
import { openOrFind, warningsTo } from "../sources/open-source.ts";
import { postSpans } from "../sources/post-spans.ts";
import { Interruption } from "./interruption.ts";

/** Answer of `spancost ingest`: a row per file. */
export type IngestEnvelope = Envelope & {
  /** `null` where a receiver stored them, together with what others send. */
  readonly total: Row;
  readonly database: string;
};

/** Where the spans of the files go. */
interface Destination {
  /** The spans of a file, batch by batch. */
  batches(file: string, options: ReadOptions): AsyncGenerator<Batch, void>;
  /** What came of them all; the counts that are not known are `null`. */
  totals(spans: number): Promise<Row>;
  close(): Promise<void>;
}

/** Some spans of a file, read. */
interface Batch {
  readonly spans: number;
  /** Resolves once they are stored. */
  store(): Promise<void>;
}

/** Batches of what `read` makes of each span and `append` stores. */
function batchesFor<Item>(
  read: SpanReader<Item>,
  append: (items: readonly Item[]) => Promise<void>,
): Destination["batches"] {
  return async function* (file, options) {
    for await (const items of readSpans(file, { ...options, read })) {
      yield { spans: items.length, store: () => append(items) };
    }
  };
}

/** Reads all files, one after the other. One that cannot be read does not keep the others from being. */
export async function runIngest(
  files: readonly string[],
  db: string,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  if (files.filter((file) => file === "-").length > 1) {
    throw new UsageError("standard input can be read only once: name - a single time.");
  }
  const destination = await openDestination(db, io);
  const progress = new ProgressLine(io.notes);
  using interruption = new Interruption();
  try {
    const rows: Row[] = [];
    for (const file of files) {
      rows.push(await ingestFile(file, destination, interruption, progress, io));
      if (interruption.happened) {
        // Nothing more is read of it, and whoever writes to it would keep this process.
        (io.stdin as { destroy?(): void }).destroy?.();
        const unread = files.length - rows.length;
        throw new CommandError(stoppedReading(rows, unread), exitCodes.interrupted);
      }
    }
    progress.say("working out calls and costs …");
    const total = await interruption.orAnswer(destination.totals(sumOf(rows, "spans")));
    if (total === undefined) {
      throw new CommandError(stoppedWorkingOut(rows), exitCodes.interrupted);
    }
    progress.clear();
    const envelope: IngestEnvelope = {
      schema: schemaOf("ingest"),
      window: null,
      database: db,
      rows,
      total,
      warnings: rows.flatMap(({ file, warnings }) =>
        (warnings as readonly string[]).map((warning) => `${file}: ${warning}`),
      ),
    };
    printAnswer(
      envelope,
      format,
      { table: (answer) => ingestSummary(answer as IngestEnvelope) },
      io,
    );
    return rows.some(({ error }) => error !== null) ? exitCodes.failure : exitCodes.ok;
  } finally {
    progress.clear();
    await destination.close();
  }
}

/** Spans written in one commit. A commit has a fixed cost of some milliseconds; more spans take more memory. */
const batchSpans = 16_384;

async function ingestFile(
  file: string,
  destination: Destination,
  interruption: Interruption,
  progress: ProgressLine,
  io: Io,
): Promise<Row> {
  const problems = new Problems();
  let spans = 0;
  let error: string | null = null;
  // The next spans are decoded while the last ones are being written.
  let written = Promise.resolve();
  try {
    const stdin = io.stdin as unknown as AsyncIterable<Buffer>;
    const options = { keepAttribute, problems, stdin, batchSpans };
    for await (const batch of interruption.until(destination.batches(file, options))) {
      await written;
      written = batch.store();
      written.catch(() => {});
      spans += batch.spans;
      progress.say(`${file}: ${spans.toLocaleString("en-US")} spans`);
    }
    await written;
  } catch (caught) {
    await written;
    if (!(caught instanceof TraceFileError)) throw caught;
    error = caught.message;
    progress.clear();
    const kept = spans === 0 ? "" : ` The ${spans} spans before that are stored.`;
    printError(`${error}.${kept}`, io);
  }
  const { rejected } = problems;
  const warnings = [...problems.sentences()];
  if (spans + rejected === 0 && error === null) {
    const isProtobuf = /\.pb(?:\.\w+)?$/i.test(file);
    const hint = isProtobuf ? "" : ": in JSON, traces stand under resourceSpans";
    warnings.push(`no span is in it${hint}.`);
  }
  return { file, spans, rejected, warnings, error };
}

async function openDestination(db: string, io: Io): Promise<Destination> {
  const opened = await openOrFind(db, warningsTo(io));
  if ("otlp_url" in opened) {
    io.notes.write(
      `${db} is in use by the receiver (pid ${opened.pid}): sending to it at ${opened.otlp_url}.\n`,
    );
    return {
      batches: batchesFor(keepSpan, (spans) => postSpans(opened, spans)),
      totals: async (spans) => ({ spans, ...unknownTotals }),
      close: async () => {},
    };
  }
  const { store, read } = opened;
  const before = await countsOf(store);
  return {
    batches: batchesFor(read, async (facts) => {
      await store.append(facts);
    }),
    totals: async (spans) => difference(before, await countsOf(store), spans),
    close: () => store.close(),
  };
}

const unknownTotals = { new_spans: null, duplicates: null, calls: null, unpriced_calls: null };

interface Counts {
  readonly spans: number;
  readonly calls: number;
  readonly unpricedCalls: number;
}

async function countsOf(reader: Reader): Promise<Counts> {
  const [row = {}] = toRows(
    await reader.readRows(`
      select
          (select count(*) from spans) as spans,
          count(*) as calls,
          count(*) filter (cost_usd is null) as unpriced_calls
      from cost_records`),
  );
  return {
    spans: Number(row["spans"]),
    calls: Number(row["calls"]),
    unpricedCalls: Number(row["unpriced_calls"]),
  };
}

/** What the files added. A span that was there already is one of the duplicates. */
function difference(before: Counts, after: Counts, spans: number): Row {
  const added = after.spans - before.spans;
  return {
    spans,
    new_spans: added,
    duplicates: spans - added,
    calls: after.calls - before.calls,
    unpriced_calls: after.unpricedCalls - before.unpricedCalls,
  };
}

function sumOf(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column]), 0);
}
