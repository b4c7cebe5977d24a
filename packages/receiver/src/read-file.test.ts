import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeRequest } from "./encode-request.ts";
import { Problems } from "./problems.ts";
import { type ReadOptions, readSpans } from "./read-file.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "./testing/sample.ts";
import { TraceFileError } from "./trace-file-error.ts";
import { hasZstd } from "./zstd.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spancost-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** The names of the spans of each batch. */
async function read(path: string, options: Partial<ReadOptions> = {}): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const spans of readSpans(path, { keepAttribute: () => true, ...options })) {
    batches.push(spans.map(({ name }) => name));
  }
  return batches;
}

const request = (...names: string[]) => sampleRequest(...names.map((name) => sampleSpan({ name })));
const line = (...names: string[]) => JSON.stringify(request(...names));

const protobuf = Buffer.from(encodeRequest(request("a", "b", "c")));
const contents: [string, Buffer][] = [
  ["one.pb", protobuf],
  ["one.json", Buffer.from(line("a", "b", "c"))],
  ["pretty.json", Buffer.from(JSON.stringify(request("a", "b", "c"), null, 2))],
  ["array.json", Buffer.from(`[${line("a", "b")},\n${line("c")}]`)],
  ["lines.jsonl", Buffer.from(`${line("a")}\n\n${line("b", "c")}\n`)],
  ["lines.ndjson", Buffer.from(`${line("a", "b")}\r\n${line("c")}`)],
  ["marked.jsonl", Buffer.from(`\ufeff${line("a", "b")}\n${line("c")}`)],
];

test.each(contents)("%s is read, plain and packed", async (name, bytes) => {
  expect(await read(await write(name, bytes))).toEqual([["a", "b", "c"]]);
  const packed = await write(`${name}.gz`, zlib.gzipSync(bytes));
  expect(await read(packed)).toEqual([["a", "b", "c"]]);
});

test.runIf(hasZstd()).each(contents)("%s.zst is read", async (name, bytes) => {
  const packed = await write(`${name}.zst`, zlib.zstdCompressSync(bytes));
  expect(await read(packed)).toEqual([["a", "b", "c"]]);
});

test.each(contents)("what is in %s is recognised without its name", async (_, bytes) => {
  expect(await read(await write("capture", bytes))).toEqual([["a", "b", "c"]]);
  for (const stdin of [bytes, zlib.gzipSync(bytes)]) {
    expect(await read("-", { stdin: inPieces(stdin, 3) })).toEqual([["a", "b", "c"]]);
  }
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let i = 0; i < bytes.byteLength; i += size) yield bytes.subarray(i, i + size);
}

test("the format can be said, and then the name does not count", async () => {
  const path = await write("request.json", protobuf);
  expect(await read(path, { format: "protobuf" })).toEqual([["a", "b", "c"]]);
});

test.each(["empty.pb", "empty.jsonl", "empty"])("%s has no spans", async (name) => {
  expect(await read(await write(name, ""))).toEqual([]);
});

test("gzip of several members is read to its end", async () => {
  const parts = [`${line("a")}\n`, `${line("b")}\n`].map((text) => zlib.gzipSync(text));
  expect(await read(await write("members.jsonl.gz", Buffer.concat(parts)))).toEqual([["a", "b"]]);
});

test.runIf(hasZstd()).each([1, 10, 100, 1_000_000])(
  "zstd of several frames is read to its end, in pieces of %i bytes",
  async (size) => {
    const parts = ["a", "b", "c"].map((name) => zlib.zstdCompressSync(`${line(name)}\n`));
    const stdin = inPieces(Buffer.concat(parts), size);
    expect(await read("-", { stdin })).toEqual([["a", "b", "c"]]);
  },
);

test("a line that holds U+2028 is one line", async () => {
  expect(await read(await write("separator.jsonl", line("a\u2028b")))).toEqual([["a\u2028b"]]);
});

test.each(["many.pb", "many.json", "many.jsonl"])("spans of %s come in batches", async (name) => {
  const many = sampleRequest(...sampleSpans(10));
  const path = await write(name, name.endsWith(".pb") ? encodeRequest(many) : JSON.stringify(many));
  const batches = await read(path, { batchSpans: 4 });
  expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
});

test("lines that come one by one are not held back to the end", async () => {
  async function* endless(): AsyncGenerator<Buffer, void> {
    for (;;) yield Buffer.from(`${line("a")}\n`);
  }
  const options = { stdin: endless(), batchSpans: 3, keepAttribute: () => true };
  const batches = readSpans("-", options);
  expect((await batches.next()).value).toHaveLength(3);
  expect((await batches.next()).value).toHaveLength(3);
  await batches.return();
});

test("a .pb file of many requests is read in parts, and places are those in the file", async () => {
  const bad = encodeRequest(sampleRequest(sampleSpan({ spanId: "" })));
  const stdin = inPieces(Buffer.concat([protobuf, bad, protobuf]), 100);
  const problems = new Problems();
  expect(await read("-", { stdin, problems })).toEqual([["a", "b", "c", "a", "b", "c"]]);
  const place = `byte ${protobuf.byteLength + 57}`;
  expect(problems.sentences()).toEqual([`span rejected: span_id has 0 bytes, not 8 (at ${place})`]);
});

test("refused spans are counted, and placed by line or request", async () => {
  const bad = JSON.stringify(sampleRequest(sampleSpan({ spanId: "" })));
  const place = "resourceSpans[0].scopeSpans[0].spans[0]";
  for (const [name, text, where] of [
    ["bad.jsonl", `${line("a")}\n${bad}\n${line("b")}\n${bad}`, `line 2, ${place}`],
    ["bad.json", `[${line("a")},${bad},${line("b")},${bad}]`, `request 2, ${place}`],
  ] as const) {
    const problems = new Problems();
    expect(await read(await write(name, text), { problems })).toEqual([["a", "b"]]);
    expect(problems.rejected).toBe(2);
    expect(problems.sentences()).toEqual([
      `span rejected: spanId is missing (2 times, first at ${where})`,
    ]);
  }
});

test.each<[string, string | Buffer, string, number | undefined]>([
  ["cut.pb", protobuf.subarray(0, -1), "566 bytes wanted, 565 left at byte 1", undefined],
  ["cut.json", "{", "not valid JSON at character 1", undefined],
  ["cut.jsonl", `${line("a")}\n{"resource`, "not valid JSON at character 10", 2],
  ["list.jsonl", "[]", "the request is not an object, at the top", 1],
  ["null.json", "[null]", "the request is null, not an object", undefined],
  ["text", "some text", "this is neither OTLP in protobuf nor in JSON", undefined],
  ["cut", "{\n", "not valid JSON at character 1", undefined],
  [
    "cut.jsonl.gz",
    zlib.gzipSync(line("a")).subarray(0, -5),
    "damaged or cut-off gzip: unexpected end of file",
    undefined,
  ],
])("%s is refused with its place", async (name, bytes, problem, at) => {
  const path = await write(name, bytes);
  await expect(read(path)).rejects.toThrow(new TraceFileError(path, problem, at));
});

test.runIf(hasZstd())("zstd that is cut off is refused", async () => {
  const path = await write("cut.pb.zst", zlib.zstdCompressSync(protobuf).subarray(0, -5));
  await expect(read(path)).rejects.toThrow(
    new TraceFileError(path, "damaged or cut-off zstd: unexpected end of file"),
  );
});

test("what comes before a bad line is delivered", async () => {
  const path = await write("late.jsonl", `${line("a")}\n${line("b")}\nnonsense`);
  const batches = readSpans(path, { keepAttribute: () => true });
  expect((await batches.next()).value).toMatchObject([{ name: "a" }, { name: "b" }]);
  await expect(batches.next()).rejects.toThrow(
    new TraceFileError(path, 'not valid JSON: unexpected "o"', 3),
  );
});

test("a file that cannot be opened is named", async () => {
  await expect(read("/no/such.pb")).rejects.toThrow(
    new TraceFileError("/no/such.pb", "no such file or directory"),
  );
  await expect(read(folder)).rejects.toThrow(
    new TraceFileError(folder, "this is a folder: name the files in it"),
  );
});

test("errors of standard input are called so", async () => {
  await expect(read("-", { stdin: inPieces(Buffer.from("{"), 1) })).rejects.toThrow(
    new TraceFileError("stdin", "not valid JSON at character 1"),
  );
});
