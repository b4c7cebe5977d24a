import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SpanFacts } from "@spancost/records";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFacts } from "./facts-reader.ts";
import { Journal, type JournalEvents, type JournalLimits, type Written } from "./journal.ts";
import { readSegment, type SegmentName, segmentsOf } from "./segment.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function span(nth: number): SpanFacts {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: nth.toString(16).padStart(16, "0"),
    startedAt: 1_763_500_000_000_000,
    endedAt: 1_763_500_001_500_000,
    name: `call ${nth}`,
    node: "call",
    kind: 3,
  } as unknown as SpanFacts;
}

async function opened(limits: Partial<JournalLimits> = {}) {
  const frames: Written[] = [];
  const closed: SegmentName[] = [];
  const events: JournalEvents = {
    written: (frame) => frames.push(frame),
    closed: (segment) => closed.push(segment),
    broken: () => undefined,
  };
  const journal = await Journal.open(folder, events, limits);
  return { journal, frames, closed };
}

/** Names of the spans that stand in all segments, and what cannot be read. */
async function content() {
  const names: string[] = [];
  const damages: number[] = [];
  for (const segment of await segmentsOf(folder)) {
    const found = await readSegment(folder, segment);
    for (const { payload, spans } of found.frames) {
      for (const { name } of readFacts({ payload, spans })) names.push(name.replace("call ", ""));
    }
    damages.push(...found.damages.map(({ bytes }) => bytes));
  }
  return { names: names.join(" "), damages };
}

/** A segment of three frames, and where each begins and ends. */
async function threeFrames() {
  const { journal, frames } = await opened();
  for (const nth of [1, 2, 3]) await journal.append([span(nth)]);
  await journal.idle();
  const path = join(folder, journal.segment as SegmentName);
  return { path, frames };
}

test("what was taken can be read as soon as it is acknowledged", async () => {
  const { journal } = await opened();
  await journal.append([span(1), span(2)]);
  expect(await content()).toEqual({ names: "1 2", damages: [] });
  await journal.append([span(3)]);
  expect(await content()).toEqual({ names: "1 2 3", damages: [] });
});

test("requests that wait for the disk together become one frame, told of before they are answered", async () => {
  const { journal, frames } = await opened();
  const answered = [1, 2, 3].map((nth) =>
    journal.append([span(nth)]).then(() => frames.reduce((sum, { spans }) => sum + spans, 0)),
  );
  expect(await Promise.all(answered)).toEqual([3, 3, 3]);
  expect(frames).toHaveLength(1);
});

test("spans that come in parts are durable together, and those of others do not wait for them", async () => {
  const { journal, frames } = await opened();
  const section = journal.begin(2_000_000);
  section.add([span(1)]);
  await journal.append([span(2)]);
  section.add([span(3)]);
  await journal.append([span(4)]);
  expect((await content()).names).toBe("2 4");
  await section.finish();
  expect(await content()).toEqual({ names: "2 4 1 3", damages: [] });
  expect(frames.map(({ spans }) => spans)).toEqual([1, 1, 2]);
});

test("of spans that are cancelled nothing is left, and what was written before them is", async () => {
  const { journal } = await opened({ waitingBytes: 1000 });
  const first = journal.append([span(1)]);
  const section = journal.begin();
  for (let nth = 2; nth < 20; nth++) section.add([span(nth)]);
  section.cancel();
  const last = journal.append([span(20)]);
  await Promise.all([first, last]);
  expect(await content()).toEqual({ names: "1 20", damages: [] });
  const unfinished = journal.begin();
  unfinished.add([span(21)]);
  await journal.close();
  await expect(unfinished.finish()).rejects.toMatchObject({ reason: "broken" });
});

test("who waits for answers waits for what was finished before, and for nothing else", async () => {
  const { journal, frames } = await opened();
  void journal.append([span(1)]);
  const unfinished = journal.begin(2_000_000);
  unfinished.add([span(2)]);
  await journal.answered();
  expect(frames.map(({ spans }) => spans)).toEqual([1]);
  const refused = journal.append([span(3)]).catch(() => "refused");
  await journal.close();
  await journal.answered();
  expect(await refused).toBeUndefined();
});

test("a request that waited for another's spans is written, whether those are kept or taken back", async () => {
  const { journal } = await opened();
  for (const end of ["cancel", "finish"] as const) {
    const waiting = journal.append([span(1)]);
    const other = journal.begin();
    other.add([span(2)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await other[end]();
    await waiting;
  }
  expect((await content()).names).toBe("1 1 2");
});

test("who waits for answers also waits for what was finished in a group that another writes into", async () => {
  const { journal, frames } = await opened();
  const first = journal.append([span(1)]);
  const other = journal.begin();
  other.add([span(2)]);
  const answered = journal.answered();
  setTimeout(() => other.cancel(), 30);
  await answered;
  expect(frames.map(({ spans }) => spans)).toEqual([1]);
  await first;
});

test("what is finished is written though others keep writing into its group", async () => {
  const { journal } = await opened();
  let isWritten = false;
  const first = journal.append([span(1)]).then(() => {
    isWritten = true;
  });
  const others: Promise<void>[] = [];
  while (!isWritten && others.length < 60) {
    const other = journal.begin(900_000);
    for (let turn = 0; turn < 3; turn += 1) {
      other.add([span(2)]);
      await delay(3);
    }
    others.push(other.finish());
  }
  expect(others.length).toBeLessThan(10);
  await Promise.all([first, ...others]);
});

test("a request without spans needs no disk", async () => {
  const { journal } = await opened({ reservedBytes: Number.MAX_SAFE_INTEGER });
  await journal.begin().finish();
  await journal.append([]);
  expect(await segmentsOf(folder)).toEqual([]);
});

test("every process begins a segment of its own, and only when it has something to write", async () => {
  const first = await opened();
  await first.journal.append([span(1)]);
  await first.journal.close();
  await (await opened()).journal.close();
  expect(await segmentsOf(folder)).toHaveLength(1);
  const second = await opened();
  await second.journal.append([span(2)]);
  expect((await segmentsOf(folder)).map((name) => name.slice(0, 10))).toEqual([
    "0000000001",
    "0000000002",
  ]);
  expect((await content()).names).toBe("1 2");
});

test("a segment that is large is closed, and another begun", async () => {
  const { journal, closed } = await opened({ segmentBytes: 100 });
  for (const nth of [1, 2, 3]) await journal.append([span(nth)]);
  await journal.idle();
  expect(closed).toEqual((await segmentsOf(folder)).slice(0, closed.length));
  expect(closed.length).toBeGreaterThanOrEqual(1);
  expect((await content()).names).toBe("1 2 3");
});

test("a frame that is torn at the end is no damage and is not read, wherever it is torn", async () => {
  const { path, frames } = await threeFrames();
  const bytes = readFileSync(path);
  const { start = 0, end = 0 } = frames[2] ?? {};
  for (let length = start; length < end; length++) {
    truncateSync(path, length);
    expect(await content()).toEqual({ names: "1 2", damages: [] });
    writeFileSync(path, Buffer.concat([bytes.subarray(0, length), Buffer.alloc(end - length)]));
    if (length < end - 1) expect(await content()).toEqual({ names: "1 2", damages: [] });
    writeFileSync(path, bytes);
  }
  expect((await content()).names).toBe("1 2 3");
});

test("a bit that flipped in the middle costs its frame, which is told, and no other", async () => {
  const { path, frames } = await threeFrames();
  const { start = 0, end = 0 } = frames[1] ?? {};
  for (let at = start; at < end; at++) {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] as number) ^ 0x10;
    writeFileSync(path, bytes);
    expect(await content()).toEqual({ names: "1 3", damages: [end - start] });
    bytes[at] = (bytes[at] as number) ^ 0x10;
    writeFileSync(path, bytes);
  }
});

test("more than may wait is refused, and taken again once the disk has caught up", async () => {
  const { journal } = await opened({ waitingBytes: 200 });
  const first = Array.from({ length: 8 }, (_, nth) => journal.append([span(nth)]));
  await expect(journal.append([span(9)])).rejects.toMatchObject({ reason: "full" });
  await Promise.allSettled(first);
  await journal.append([span(10)]);
  expect((await content()).names.endsWith(" 10")).toBe(true);
});

test("on a disk that has less than the reserve nothing is taken", async () => {
  const { journal } = await opened({ reservedBytes: Number.MAX_SAFE_INTEGER });
  await expect(journal.append([span(1)])).rejects.toMatchObject({
    reason: "disk",
    // To try again is what the receiver tells senders.
    message: expect.stringMatching(/^only \d+ bytes are free on the disk$/),
  });
  expect(await segmentsOf(folder)).toEqual([]);
});

test("a closed journal takes nothing", async () => {
  const { journal } = await opened();
  await journal.close();
  await expect(journal.append([span(1)])).rejects.toMatchObject({ reason: "broken" });
});
