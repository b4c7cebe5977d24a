import { describe, expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { fuzzReceiver } from "./fuzz-receiver.ts";
import { InProcess } from "./in-process.ts";
import { type Format, savedCorpus } from "./inputs.ts";

const formats: readonly Format[] = ["protobuf", "json"];

describe.each(formats)("%s", (format) => {
  test("what was found before stays mended", () => {
    const target = new InProcess(format);
    const corpus = savedCorpus(format);
    expect(corpus.length).toBeGreaterThan(50);
    for (const input of corpus) expect(target.run(input).faults).toEqual([]);
  });

  test("no input throws, takes a second, or makes a span that cannot be", async () => {
    const seed = Number(process.env["FAST_CHECK_SEED"] ?? 20_261_121);
    const report = await fuzz({ format, runs: 20_000, seed });
    expect(report.findings).toEqual([]);
    // Both ways are gone often enough to mean something.
    expect(Math.min(report.accepted, report.refused)).toBeGreaterThan(1_000);
  });
});

test("a receiver answers anything with a status of the protocol, and questions afterwards", async () => {
  const report = await fuzzReceiver({ requests: 1_000, seed: 1 });
  expect(report.findings).toEqual([]);
  expect(report.statuses["200"]).toBeGreaterThan(100);
  expect(report.statuses["400"]).toBeGreaterThan(100);
});
