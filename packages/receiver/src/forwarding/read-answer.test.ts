import { describe, expect, test } from "vitest";
import { successBody } from "../answer.ts";
import { Problems } from "../problems.ts";
import { ProtobufWriter } from "../protobuf-writer.ts";
import { readAnswer } from "./read-answer.ts";

const nothing = { rejectedSpans: 0, message: "" };
const protobuf = "application/x-protobuf";

test.each(["protobuf", "json"] as const)(
  "the receiver's own answers are understood, in %s",
  (format) => {
    const problems = new Problems();
    const type = format === "json" ? "Application/JSON; charset=utf-8" : protobuf;
    expect(readAnswer(200, type, Buffer.from(successBody(format, problems)))).toEqual(nothing);
    problems.reject("trace_id is all zeros", "byte 4");
    expect(readAnswer(200, type, Buffer.from(successBody(format, problems)))).toEqual({
      rejectedSpans: 1,
      message: "span rejected: trace_id is all zeros (at byte 4)",
    });
  },
);

test("a status says why, in one short line", () => {
  const message = `no\nentry \u001b[31m${"x".repeat(300)}`;
  const status = Buffer.from(new ProtobufWriter().varint(1, 16).text(2, message).finish());
  const said = readAnswer(401, protobuf, status).message;
  expect(said).toMatch(/^no entry \[31mx+$/);
  expect(said.length).toBe(200);
  const json = Buffer.from(JSON.stringify({ code: 16, message }));
  expect(readAnswer(401, "application/json", json).message).toBe(said);
});

describe("what is no answer of OTLP says nothing", () => {
  test.each([
    [200, undefined, ""],
    [200, "application/json", ""],
    [200, "application/json", "{"],
    [200, "application/json", "null"],
    [200, "application/json", '{"partialSuccess":{"rejectedSpans":"-3","errorMessage":7}}'],
    [200, "application/json", '{"partialSuccess":[]}'],
    [400, "application/json", '{"message":{"secret":1}}'],
    [502, "text/html", "<h1>Bad gateway</h1>"],
    [200, protobuf, "\x0a\x7f"],
    [400, protobuf, "not protobuf at all"],
  ])("%i %s %j", (status, type, body) => {
    expect(readAnswer(status, type, Buffer.from(body, "latin1"))).toEqual(nothing);
  });
});
