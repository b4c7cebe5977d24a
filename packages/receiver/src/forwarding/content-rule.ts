import { NameTable } from "../name-table.ts";
import type { ProtobufReader } from "../protobuf-reader.ts";
import { type Verdict, verdictOf } from "./content-names.ts";
import { anyValueTags, arrayTags, keyValueTags } from "./wire.ts";

/** Longest text that can be a label, in bytes, also all together in an array. Longer is content by another name. */
const labelBytes = 1024;
/** The longest account of a call's usage among the emitters in test/captures has 677 bytes. */
const usageBytes = 4096;

const openingBrace = 0x7b;
const openingBracket = 0x5b;
const quote = 0x22;

/** Decides which attributes go on when content is stripped. What it cannot tell does not go on. */
export class ContentRule {
  readonly #verdicts = new NameTable<Verdict>(verdictOf);

  /** Steps over the `KeyValue` that comes next, and tells whether it may go on. */
  keeps(reader: ProtobufReader): boolean {
    const outerEnd = reader.enter();
    let verdict: Verdict | undefined;
    let keys = 0;
    let values = 0;
    let valueStart = 0;
    let valueEnd = 0;
    let others = 0;
    while (reader.more()) {
      const tag = reader.tag();
      if (tag === keyValueTags.key) {
        const start = reader.field();
        verdict = this.#verdicts.find(reader, start, reader.position);
        keys += 1;
      } else if (tag === keyValueTags.value) {
        valueStart = reader.field();
        valueEnd = reader.position;
        values += 1;
      } else {
        reader.skip(tag);
        others += 1;
      }
    }
    reader.leave(outerEnd);
    // Each once, or one could hide behind the other.
    if (verdict === undefined || keys !== 1 || values > 1 || others > 0) return false;
    if (values === 0) return true;
    return fits(reader, valueStart, valueEnd, verdict, true);
  }
}

/** Whether the `AnyValue` from `start` to `end` may go on. Leaves `reader` where it is. */
function fits(
  reader: ProtobufReader,
  start: number,
  end: number,
  verdict: Verdict,
  arraysToo: boolean,
): boolean {
  const { position: outerPosition, end: outerEnd } = reader;
  reader.position = start;
  reader.end = end;
  let fitting = true;
  while (fitting && reader.more()) {
    const tag = reader.tag();
    if (tag === anyValueTags.string) {
      const textStart = reader.field();
      fitting = textFits(reader.bytes, textStart, reader.position, verdict);
    } else if (tag === anyValueTags.array && arraysToo) {
      fitting = arrayFits(reader, verdict);
    } else {
      reader.skip(tag);
      fitting =
        tag === anyValueTags.bool || tag === anyValueTags.int || tag === anyValueTags.double;
    }
  }
  reader.position = outerPosition;
  reader.end = outerEnd;
  return fitting;
}

/** An embedding, which can be turned back into text, is an array of numbers; the text of single tokens is one too. */
function arrayFits(reader: ProtobufReader, verdict: Verdict): boolean {
  const outerEnd = reader.enter();
  let fitting = verdict === "label" && reader.end - reader.position <= labelBytes;
  while (fitting && reader.more()) {
    const tag = reader.tag();
    const start = tag === arrayTags.values ? reader.field() : undefined;
    fitting = start !== undefined && fits(reader, start, reader.position, verdict, false);
  }
  reader.leave(outerEnd);
  return fitting;
}

/** A label is no JSON, which may hold anything. */
function textFits(bytes: Buffer, start: number, end: number, verdict: Verdict): boolean {
  const length = end - start;
  if (length === 0) return true;
  const first = bytes[start];
  switch (verdict) {
    case "content":
      return false;
    case "usage":
      return length <= usageBytes && first === openingBrace;
    case "label":
      return (
        length <= labelBytes &&
        first !== openingBrace &&
        first !== openingBracket &&
        first !== quote
      );
    default:
      return verdict satisfies never;
  }
}
