import type { Span } from "@spancost/records";
import { expect, test } from "vitest";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { decodeRequest } from "./decoder.ts";
import { encodeRequest } from "./encode-request.ts";
import { GroupingSink, type GroupLimits } from "./grouping-sink.ts";
import { SinkFullError, type SpanSink } from "./sink.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "./testing/sample.ts";

const decoder = new ProtobufDecoder({ keepAttribute: () => true });

/** `count` spans named `name`. */
function spans(name: string, count = 1): Span[] {
  const sent = sampleSpans(count).map((span) => ({ ...span, name }));
  return decodeRequest(decoder, encodeRequest(sampleRequest(...sent))).spans;
}

/** A sink whose commits are listed by the names in them, and each ends when told. */
class SteppedSink implements SpanSink {
  readonly commits: string[][] = [];
  readonly #ends: ((error?: Error) => void)[] = [];

  append(list: readonly Span[]): Promise<void> {
    this.commits.push([...new Set(list.map(({ name }) => name))]);
    return new Promise((resolve, reject) => {
      this.#ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Ends the commit that is running, once there is one. */
  async end(error?: Error): Promise<void> {
    while (this.#ends.length === 0) await new Promise(setImmediate);
    this.#ends.shift()?.(error);
    await new Promise(setImmediate);
  }
}

function grouping(limits: Partial<GroupLimits> = {}) {
  const stepped = new SteppedSink();
  const settled: string[] = [];
  const sink = new GroupingSink(stepped, { gatherMs: 0, ...limits });
  const append = (name: string, count?: number) => {
    sink.append(spans(name, count)).then(
      () => settled.push(`${name} stored`),
      (error: Error) => settled.push(`${name}: ${error.message}`),
    );
  };
  return { sink, stepped, settled, append };
}

test("requests that come during a commit are written with the next one", async () => {
  const { stepped, settled, append } = grouping();
  for (const name of ["a", "b", "c"]) append(name);
  expect(stepped.commits).toEqual([["a"]]);
  await stepped.end();
  expect(settled).toEqual(["a stored"]);
  expect(stepped.commits).toEqual([["a"], ["b", "c"]]);
  await stepped.end();
  expect(settled).toEqual(["a stored", "b stored", "c stored"]);
});

test("the first request waits a moment for others", async () => {
  const { stepped, append } = grouping({ gatherMs: 2 });
  for (const name of ["a", "b", "c"]) append(name);
  expect(stepped.commits).toEqual([]);
  await stepped.end();
  expect(stepped.commits).toEqual([["a", "b", "c"]]);
});

test("a commit takes so many spans, and always one request", async () => {
  const { stepped, append } = grouping({ maxGroupSpans: 10 });
  append("first");
  for (const [name, count] of [
    ["a", 6],
    ["b", 4],
    ["c", 1],
    ["d", 25],
    ["e", 1],
  ] as const) {
    append(name, count);
  }
  for (let i = 0; i < 5; i += 1) await stepped.end();
  expect(stepped.commits).toEqual([["first"], ["a", "b"], ["c"], ["d"], ["e"]]);
});

test("a commit takes the requests of one team", async () => {
  const commits: [number, string | undefined][] = [];
  const sink = new GroupingSink({
    append: async (list, sender) => {
      commits.push([list.length, sender?.team]);
    },
  });
  const teams = [undefined, undefined, "search", "search", "support", "search"];
  await Promise.all(teams.map((team) => sink.append(spans("a"), { name: "token", team })));
  expect(commits).toEqual([
    [2, undefined],
    [2, "search"],
    [1, "support"],
    [1, "search"],
  ]);
});

test("a commit takes so many bytes", async () => {
  const stepped = new SteppedSink();
  const sink = new GroupingSink(stepped, { gatherMs: 0, maxGroupBytes: 50_000 });
  const large = sampleSpan({
    attributes: [{ key: "usage", value: { stringValue: "x".repeat(30_000) } }],
  });
  const names = ["a", "b", "c"];
  const all = names.map((name) => {
    const request = sampleRequest({ ...large, name });
    return sink.append(decodeRequest(decoder, encodeRequest(request)).spans);
  });
  for (const _ of names) await stepped.end();
  await Promise.all(all);
  expect(stepped.commits).toEqual([["a"], ["b"], ["c"]]);
});

test("D01 a full queue refuses, tells how much is waiting, and takes again later", async () => {
  const { stepped, settled, append } = grouping({ maxWaitingSpans: 10 });
  append("a", 6);
  append("b", 5);
  append("c", 4);
  await new Promise(setImmediate);
  expect(settled).toEqual(["b: 6 spans are waiting to be stored: try again"]);
  await stepped.end();
  await stepped.end();
  append("b", 5);
  await stepped.end();
  expect(settled.slice(1)).toEqual(["a stored", "c stored", "b stored"]);
});

test("a request larger than the queue is taken when nothing waits", async () => {
  const { stepped, settled, append } = grouping({ maxWaitingSpans: 10 });
  append("a", 50);
  await stepped.end();
  expect(settled).toEqual(["a stored"]);
});

test("refusal is an error of its own class", async () => {
  const sink = new GroupingSink(new SteppedSink(), { maxWaitingSpans: 1 });
  sink.append(spans("a"));
  await expect(sink.append(spans("b"))).rejects.toThrow(
    new SinkFullError("1 spans are waiting to be stored"),
  );
});

test("one request that cannot be stored does not fail the others of its group", async () => {
  const { stepped, settled, append } = grouping();
  for (const name of ["a", "b", "c", "d"]) append(name);
  await stepped.end();
  await stepped.end(new Error("group"));
  for (const error of [undefined, new Error("bad row"), undefined]) await stepped.end(error);
  expect(stepped.commits).toEqual([["a"], ["b", "c", "d"], ["b"], ["c"], ["d"]]);
  expect(settled).toEqual(["a stored", "b stored", "c: bad row", "d stored"]);
});

test("a sink that fails again and again is not asked for every request", async () => {
  const { stepped, settled, append } = grouping();
  for (const name of ["a", "b", "c", "d", "e"]) append(name);
  await stepped.end();
  for (let i = 0; i < 3; i += 1) await stepped.end(new Error("disk full"));
  expect(stepped.commits).toEqual([["a"], ["b", "c", "d", "e"], ["b"], ["c"]]);
  expect(settled).toEqual(["a stored", ...["b", "c", "d", "e"].map((n) => `${n}: disk full`)]);
});

test("no spans are stored at once", async () => {
  const { sink, stepped } = grouping();
  await sink.append([]);
  expect(stepped.commits).toEqual([]);
});

test("idle resolves when all that was appended is written", async () => {
  const { sink, stepped, settled, append } = grouping();
  append("a");
  append("b");
  const idle = sink.idle().then(() => settled.push("idle"));
  await stepped.end();
  expect(settled).toEqual(["a stored"]);
  await stepped.end();
  await idle;
  expect(settled).toEqual(["a stored", "b stored", "idle"]);
  await sink.idle();
});
