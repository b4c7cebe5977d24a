import { expect, test } from "vitest";
import { DecodeError } from "./decode-error.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

/** A reader over bytes written as hex, blanks ignored. */
function reader(hex: string): ProtobufReader {
  return new ProtobufReader(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

test.each([
  ["00", 0, 0],
  ["7f", 127, 0],
  ["80 01", 128, 0],
  ["80 00", 0, 0],
  ["ff ff ff ff 0f", 0xffffffff, 0],
  ["80 80 80 80 10", 0, 1],
  ["80 80 80 80 80 01", 0, 8],
  ["ff ff ff ff ff ff ff 7f", 0xffffffff, 0xffffff],
  ["ff ff ff ff ff ff ff ff ff 01", 0xffffffff, 0xffffffff],
])("varint %s reads as low %i, high %i", (hex, low, high) => {
  const numbers = reader(hex);
  numbers.varint();
  expect(numbers).toMatchObject({ low, high, position: numbers.end });
});

test("fields of one tag are stepped over as long as they come", () => {
  const fields = reader("12 01 ff 12 00 0a 01 ff 12 00");
  fields.skipAll(0x12);
  expect(fields.position).toBe(5);
  fields.skipAll(0x12);
  expect(fields.position).toBe(5);
});

test("double reads eight bytes", () => {
  expect(reader("00 00 00 00 00 00 f8 3f").double()).toBe(1.5);
});

test.each([
  ["an ASCII text", "68 65 6c 6c 6f", "hello"],
  ["an empty text", "", ""],
  ["text beyond ASCII", "c3 a9 f0 9f 98 80 21", "é😀!"],
  ["bytes that are not UTF-8 as U+FFFD", "61 ff 62", "a\ufffdb"],
  ["a cut-off character as U+FFFD", "61 f0 9f", "a\ufffd"],
  ["NUL and a byte order mark as they are", "00 ef bb bf 61", "\u0000\ufeffa"],
])("text reads %s", (_, hex, text) => {
  const length = hex.split(" ").filter((byte) => byte !== "").length;
  expect(reader(`0${length} ${hex}`).text()).toBe(text);
});

test("a message cannot be read past its own length", () => {
  const message = reader("01 7f ff");
  const outerEnd = message.enter();
  message.varint();
  expect(message.more()).toBe(false);
  expect(() => message.varint()).toThrow("1 bytes wanted, 0 left at byte 2");
  message.leave(outerEnd);
  expect(message.more()).toBe(true);
});

test("a message cannot be longer than the one around it", () => {
  const message = reader("03 02 05 01 ff ff ff");
  message.enter();
  message.varint();
  expect(() => message.enter()).toThrow("5 bytes wanted, 1 left at byte 2");
});

test.each([
  ["08 05", "a varint"],
  ["09 01 02 03 04 05 06 07 08", "eight bytes"],
  ["0a 02 ff ff", "bytes"],
  ["0d 01 02 03 04", "four bytes"],
  ["0b 0c", "an empty group"],
  ["0b 08 05 13 0a 01 ff 14 0c", "a group in a group"],
])("%s is skipped as %s", (hex) => {
  const fields = reader(`${hex} 08 2a`);
  fields.skip(fields.tag());
  fields.tag();
  fields.varint();
  expect(fields.low).toBe(42);
});

test.each([
  ["ff ff ff ff ff ff ff ff ff ff 01", "a varint of more than 10 bytes", 0],
  ["80", "1 bytes wanted, 0 left", 1],
  ["00", "a field number of 0", 0],
  ["07", "a field number of 0", 0],
  ["80 80 80 80 80 01", "a tag of more than 32 bits", 0],
  ["0e", "wire type 6", 1],
  ["0f", "wire type 7", 1],
  ["0c", "the end of no group", 1],
  ["0b", "1 bytes wanted, 0 left", 1],
  ["0b 14", "the end of another group", 2],
  ["0b 0e", "wire type 6", 2],
  ["09 00", "8 bytes wanted, 1 left", 1],
  ["0d 00", "4 bytes wanted, 1 left", 1],
  ["0a 02 00", "2 bytes wanted, 1 left", 1],
  ["0a ff ff ff ff 0f", "4294967295 bytes wanted, 0 left", 1],
  ["0a 80 80 80 80 80 80 80 80 80 01", "9223372036854776000 bytes wanted, 0 left", 1],
])("%s is refused: %s at byte %i", (hex, problem, offset) => {
  const fields = reader(hex);
  expect(() => fields.skip(fields.tag())).toThrow(new DecodeError(problem, offset));
});

test("groups are skipped 64 deep and no deeper", () => {
  const nested = (depth: number) => reader("0b".repeat(depth) + "0c".repeat(depth));
  const allowed = nested(64);
  allowed.skip(allowed.tag());
  expect(allowed.more()).toBe(false);
  const tooDeep = nested(65);
  expect(() => tooDeep.skip(tooDeep.tag())).toThrow("groups nested more than 64 deep at byte 65");
});
