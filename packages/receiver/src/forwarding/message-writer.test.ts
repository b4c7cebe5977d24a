import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesTag } from "../protobuf-reader.ts";
import { ProtobufWriter } from "../protobuf-writer.ts";
import { MessageWriter } from "./message-writer.ts";

type Field =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "message"; readonly guess: number; readonly fields: Field[] };

const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { depthSize: "medium" },
    fc.record({
      kind: fc.constant("text" as const),
      text: fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("é".repeat(9_000))),
    }),
    fc.record({
      kind: fc.constant("int" as const),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
    fc.record({ kind: fc.constant("double" as const), value: fc.double() }),
    fc.record({
      kind: fc.constant("message" as const),
      guess: fc.nat(20_000),
      fields: fc.array(tie("field"), { maxLength: 8 }),
    }),
  ),
}));

function writeWith(writer: MessageWriter, fields: readonly Field[]): void {
  for (const field of fields) {
    if (field.kind === "text") writer.text(1, field.text);
    else if (field.kind === "int") writer.int64(2, field.value);
    else if (field.kind === "double") writer.double(3, field.value);
    else {
      writer.open(bytesTag(4), field.guess);
      writeWith(writer, field.fields);
      writer.close();
    }
  }
}

function writePlainly(writer: ProtobufWriter, fields: readonly Field[]): ProtobufWriter {
  for (const field of fields) {
    if (field.kind === "text") writer.text(1, field.text);
    else if (field.kind === "int") writer.varint(2, field.value);
    else if (field.kind === "double") writer.double(3, field.value);
    else writer.message(4, (inner) => writePlainly(inner, field.fields));
  }
  return writer;
}

test("messages are as those that are written inside out, whatever length was guessed", () => {
  const writer = new MessageWriter(16);
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), (fields) => {
      writer.clear();
      writeWith(writer, fields);
      const plain = Buffer.from(writePlainly(new ProtobufWriter(), fields).finish());
      expect(writer.written().equals(plain)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("what is cut off leaves no open message behind", () => {
  const writer = new MessageWriter();
  writer.text(1, "a");
  const kept = writer.length;
  writer.open(bytesTag(2));
  writer.open(bytesTag(3));
  writer.text(1, "lost");
  writer.cutTo(kept);
  writer.open(bytesTag(2));
  writer.text(1, "b");
  writer.close();
  expect(writer.written().toString("hex")).toBe("0a01611203" + "0a0162");
});
