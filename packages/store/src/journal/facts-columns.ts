import type { ChangedTraces } from "../changed-traces.ts";
import { spanFactColumns } from "../columns.ts";
import type { Fill } from "../vectors/chunk-table.ts";
import { MoneyColumn } from "../vectors/money-column.ts";
import { TextColumn } from "../vectors/text-column.ts";
import { ValueColumn } from "../vectors/value-column.ts";
import { chunkRows, vectorOf } from "../vectors/vector.ts";
import { fields, Kind, type KindName, type KindNumber } from "./fact-bits.ts";
import type { WrittenFacts } from "./facts-reader.ts";
import { SpansFrame, spanIdBytes, traceIdBytes } from "./spans-frame.ts";

const kinds: readonly KindNumber[] = fields.map(([kind]) => Kind[kind]);
const flagBits = kinds.flatMap((kind, bit) => (kind === Kind.flag ? [bit] : []));
const startedAtBit = fields.findIndex(([, column]) => column === "started_at");

/** What became of the spans of some frames. */
export interface Applied {
  readonly changed: ChangedTraces;
  /** Spans that were left out. */
  late: number;
}

/** Something of a column that can be taken back, and put into a vector. */
type Filled = TextColumn | ValueColumn | MoneyColumn;

/**
 * Frames as columns of `span_facts`, without an object or a text for each span: most of what is in the journal goes
 * into the database as the bytes that it is.
 *
 * One of them serves one reader of frames at a time.
 */
export class FactsColumns {
  /** In the order of bits; `undefined` for what goes into no column. */
  readonly #texts: (TextColumn | undefined)[];
  readonly #values: (ValueColumn | undefined)[];
  readonly #money: (MoneyColumn | undefined)[];
  /** In the order of the table. */
  readonly #columns: readonly Filled[];
  #rows = 0;

  constructor() {
    const made = new Map(spanFactColumns.map((each) => [each.name, each]));
    const byName = new Map<string, Filled>();
    const make = <Made extends Filled>(of: readonly KindName[], one: (name: string) => Made) =>
      fields.map(([kind, name]) => {
        if (name === undefined || !of.includes(kind)) return undefined;
        const column = one(name);
        byName.set(name, column);
        return column;
      });
    this.#texts = make(["trace", "span", "text", "own"], () => new TextColumn());
    this.#money = make(["money"], () => new MoneyColumn());
    this.#values = make(["flag", "status", "time", "number", "tags"], (name) => {
      const column = made.get(name);
      if (column === undefined) throw new Error(`span_facts has no column ${name}`);
      return new ValueColumn(column);
    });
    this.#columns = spanFactColumns.map(({ name }) => {
      const column = byName.get(name);
      if (column === undefined) throw new Error(`no bit stands for ${name}`);
      return column;
    });
  }

  /**
   * Chunks with the spans of `frames`, but for those that began before `from`, and notes in `applied` what became of
   * them.
   *
   * @throws RangeError where a payload ends too early or is something else, or what it holds fits no column
   */
  *fills(
    frames: Iterable<WrittenFacts>,
    from: number,
    applied: Applied,
  ): Generator<Fill, undefined, undefined> {
    for (const column of this.#columns) column.clear();
    this.#rows = 0;
    for (const { payload, spans } of frames) {
      const frame = new SpansFrame(payload);
      for (const text of this.#texts) text?.forgetNumbers();
      for (let span = 0; span < spans; span++) {
        if (this.#read(frame, from)) this.#rows += 1;
        else applied.late += 1;
        if (this.#rows === chunkRows) yield this.#fill;
      }
      if (!frame.payload.done) throw new RangeError("more bytes than spans");
      for (const trace of frame.changed()) applied.changed.add(trace);
    }
    if (this.#rows > 0) yield this.#fill;
  }

  readonly #fill: Fill = (chunk) => {
    chunk.rowCount = this.#rows;
    for (const [index, column] of this.#columns.entries()) {
      column.flush(vectorOf(chunk, index), this.#rows);
    }
    this.#rows = 0;
  };

  /** Reads a span into the next row; `false` where it began before `from`, and is not there. */
  #read(frame: SpansFrame, from: number): boolean {
    const row = this.#rows;
    const { payload } = frame;
    payload.nextSpan();
    const { bits } = payload;
    // The bit says which spans failed, and the column how each of them ended.
    this.#values[0]?.put(row, "ok");
    let trace = 0;
    let startedAt = 0;
    for (let byte = 0; byte < bits.length; byte++) {
      for (let left = bits[byte] as number; left !== 0; left &= left - 1) {
        const bit = byte * 8 + 31 - Math.clz32(left & -left);
        switch (kinds[bit]) {
          case Kind.text:
            this.#readText(row, frame, this.#texts[bit]);
            break;
          case Kind.number:
            this.#values[bit]?.put(row, payload.number());
            break;
          case Kind.money: {
            const start = payload.advance(8);
            this.#money[bit]?.put(row, payload.view, start);
            break;
          }
          case Kind.time: {
            const time = payload.double();
            if (bit === startedAtBit) startedAt = time;
            this.#values[bit]?.put(row, time);
            break;
          }
          case Kind.span:
            this.#texts[bit]?.putHex(row, payload.bytes, payload.advance(spanIdBytes), spanIdBytes);
            break;
          case Kind.trace:
            trace = frame.trace();
            this.#texts[bit]?.putHexKnown(
              row,
              trace,
              payload.bytes,
              frame.startOfTrace(trace),
              traceIdBytes,
            );
            break;
          case Kind.own: {
            const length = payload.varint();
            this.#texts[bit]?.put(row, payload, payload.advance(length), length);
            break;
          }
          case Kind.flag:
            this.#values[bit]?.put(row, true);
            break;
          case Kind.status:
            this.#values[bit]?.put(row, "error");
            break;
          case Kind.tags:
            this.#values[bit]?.put(row, frame.tags());
            break;
          default:
            throw new RangeError(`bit ${bit} is not known`);
        }
      }
    }
    for (const bit of flagBits) if (!isSet(bits, bit)) this.#values[bit]?.put(row, false);
    if (startedAt < from) {
      for (const column of this.#columns) column.unput(row);
      return false;
    }
    frame.count(trace, startedAt);
    return true;
  }

  #readText(row: number, frame: SpansFrame, column: TextColumn | undefined): void {
    const number = frame.text();
    column?.putKnown(
      row,
      number,
      frame.payload,
      frame.startOfText(number),
      frame.lengthOfText(number),
    );
  }
}

function isSet(bits: Uint8Array, bit: number): boolean {
  return ((bits[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
}
