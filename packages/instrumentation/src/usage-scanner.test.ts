import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageScanner } from "./usage-scanner.ts";

const stream = [
  `data: {"choices":[{"delta":{"content":"the \\"usage\\": {\\"prompt_tokens\\": 1} of it"}}],"usage":null}`,
  `data: {"choices":[],"service_tier":"flex","usage":{"prompt_tokens":1777,"completion_tokens":419,"prompt_tokens_details":{"cached_tokens":1280}}}`,
  "data: [DONE]",
  "",
].join("\n\n");

const found = { input: 1777, output: 419, cacheRead: 1280, serviceTier: "flex" };

function scanned(chunks: readonly Uint8Array[]): UsageScanner {
  const scanner = new UsageScanner();
  for (const chunk of chunks) scanner.scan(chunk);
  scanner.finish();
  return scanner;
}

test("finds usage wherever the stream is cut into chunks", () => {
  const bytes = new TextEncoder().encode(stream.replace("of it", "of ït 😀"));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      expect(scanned(chunks).usage).toMatchObject(found);
    }),
  );
});

describe("is not misled by", () => {
  test.each([
    ["a text about usage", `data: {"delta":"\\"usage\\":{\\"prompt_tokens\\":5}"}\n`],
    ["what is no event", `event: {"usage":{"prompt_tokens":5}}\n`],
    ["what is no JSON", `data: "usage":{"prompt_tokens":5\n`],
    ["the usage of something else", `data: {"item":{"usage":{"prompt_tokens":5}}}\n`],
  ])("%s", (_name, text) => {
    expect(scanned([new TextEncoder().encode(text)]).usage).toBeUndefined();
  });
});

test("does not look at an event that is too long to be held", () => {
  const text = `data: {"text":"${"x".repeat(300_000)}","usage":{"prompt_tokens":5}}\n`;
  expect(scanned([new TextEncoder().encode(text)]).usage).toBeUndefined();
});

test("holds no more than one event, and passes over those that are too long", () => {
  const scanner = new UsageScanner();
  const filler = new TextEncoder().encode("x".repeat(64 * 1024));
  scanner.scan(new TextEncoder().encode(`data: {"text":"`));
  for (let chunk = 0; chunk < 160; chunk += 1) scanner.scan(filler);
  scanner.scan(new TextEncoder().encode(`"}\n${stream}`));
  expect(scanner.usage).toMatchObject(found);
});
