import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepAttribute } from "@spancost/semconv";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import { runCommand } from "../flow/command.ts";
import { keptOnPurpose } from "./kept-on-purpose.ts";
import { poison } from "./poison.ts";
import { type Hits, look, lookInAnswers, lookInFiles, lookInTables } from "./search.ts";
import { partly, Secrets } from "./secrets.ts";
import { post, send, ways } from "./sending.ts";
import { copyOf, type Request, recordedTraces, someOfEach, spansOf } from "./traces.ts";

let folder: string;
let data: string;
let db: string;
let receiver: ReceiverProcess;

/** Everything that the receiver can write to is below `folder`, its temporary files too. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-canary-"));
  data = join(folder, "data");
  for (const name of ["data", "tmp", "copies"]) mkdirSync(join(folder, name));
  db = join(data, "costs.duckdb");
  receiver = await start();
});

afterEach(async () => {
  await receiver.kill();
  rmSync(folder, { recursive: true });
});

function start(): Promise<ReceiverProcess> {
  return ReceiverProcess.start(db, { env: { TMPDIR: join(folder, "tmp") } });
}

const recorded = recordedTraces();

/** All that a receiver leaves and says, before and after it ends in each of the two ways. */
async function lookEverywhere(
  secrets: Secrets,
  traceIds: readonly string[],
  expectKept?: RegExp,
): Promise<Hits> {
  const hits: Hits = new Map();
  await receiver.ask("select count(*) from cost_records");
  expect(await lookInAnswers(hits, secrets, receiver, traceIds)).toBeGreaterThan(25);
  const copy = join(folder, "copies", "snapshot.duckdb");
  const made = await runCommand(folder, ["snapshot", copy, "--db", db]);
  expect(made.code).toBe(0);
  expect(await lookInTables(hits, secrets, copy)).toBeGreaterThan(4);
  lookInFiles(hits, secrets, folder);
  await receiver.kill();
  const afterKill = lookInFiles(hits, secrets, folder);
  look(hits, secrets, "stderr", receiver.stderr);
  receiver = await start();
  await receiver.stop();
  const files = [...afterKill, ...lookInFiles(hits, secrets, folder)];
  look(hits, secrets, "stderr", receiver.stderr);
  if (expectKept !== undefined) {
    expect([...(hits.get("a name that is kept") ?? [])].join("\n")).toMatch(expectKept);
  }
  expect(files.some((name) => name.endsWith(".duckdb"))).toBe(true);
  return hits;
}

test("no content of any emitter is kept anywhere", async () => {
  const secrets = new Secrets();
  const service = secrets.at("a name that is kept");
  const takesGrpc = receiver.target.grpc !== undefined;
  const usable = ways.filter((way) => way !== "grpc" || takesGrpc);
  const headers = () => ({
    authorization: `Bearer ${secrets.at("header authorization")}`,
    "user-agent": secrets.at("header user-agent"),
    "x-api-key": secrets.at("header x-api-key"),
    baggage: `note=${secrets.at("header baggage")}`,
    tracestate: `a=${secrets.at("header tracestate")}`,
  });
  const traceIds: string[] = [];
  for (const [nth, trace] of someOfEach(recorded, 4).entries()) {
    const poisoned = copyOf(poison(trace, secrets), nth + 1);
    named(poisoned, service);
    if (nth % 8 === 0) traceIds.push(spansOf(poisoned)[0]?.traceId ?? "");
    const way = usable[nth % usable.length] ?? "json";
    const answer = await send(receiver.target, poisoned, way, headers());
    expect([trace.name, way, answer.ok]).toEqual([trace.name, way, true]);
    expect([trace.name, [...secrets.foundIn(Buffer.from(answer.text))]]).toEqual([trace.name, []]);
  }
  expect(secrets.count).toBeGreaterThan(10_000);
  // Found in answers and in raw bytes, or the search would find nothing at all.
  const hits = await lookEverywhere(secrets, traceIds, /api\/top[\s\S]*bytes of/);
  hits.delete("a name that is kept");
  expect(listed(hits)).toEqual([]);
});

test("what cannot be read leaves nothing of it in the log or in the answer", async () => {
  const secrets = new Secrets();
  const good = poison(recorded[0] as (typeof recorded)[number], secrets);
  const json = Buffer.from(JSON.stringify(good));
  const types = { json: "application/json", protobuf: "application/x-protobuf" };
  const bad: readonly (readonly [body: Buffer, headers: Record<string, string>, query?: string])[] =
    [
      [json.subarray(0, json.byteLength - 40), { "content-type": types.json }],
      [json.subarray(200), { "content-type": types.json }],
      [json, { "content-type": types.protobuf }],
      [
        Buffer.from(`{"resourceSpans": "${secrets.at("wrong type")}"}`),
        { "content-type": types.json },
      ],
      [Buffer.from(`{"resourceSpans": ${secrets.at("no JSON")}}`), { "content-type": types.json }],
      [json, { "content-type": types.json, "content-encoding": "gzip" }],
      [json, { "content-type": `text/${secrets.at("content type")}` }],
      [
        json,
        { "content-type": types.json, "x-note": secrets.at("header") },
        `?q=${secrets.at("URL")}`,
      ],
    ];
  const hits: Hits = new Map();
  for (const [body, headers, query] of bad) {
    const answer = await post(receiver.target, body, headers, query);
    look(hits, secrets, "the answer", answer.text);
  }
  lookInFiles(hits, secrets, folder);
  await receiver.stop();
  look(hits, secrets, "stderr", receiver.stderr);
  lookInFiles(hits, secrets, folder);
  expect(listed(hits)).toEqual([]);
});

test("of what is looked at, only names that are listed are kept", async () => {
  const secrets = new Secrets();
  const tried = new Set<string>();
  const copies: Request[] = [];
  for (const { emitter, request } of recorded) {
    for (const key of keptTexts(request)) {
      if (tried.has(`${emitter} ${key}`)) continue;
      tried.add(`${emitter} ${key}`);
      const inJson = JSON.stringify({ note: secrets.at(`${key}, a text in its JSON`) });
      const texts = isJson(request, key) ? [inJson] : [];
      for (const text of [secrets.at(key), ...texts]) {
        const copy = copyOf(request, copies.length + 1);
        replace(copy, key, text);
        copies.push(copy);
      }
    }
  }
  expect(tried.size).toBeGreaterThan(200);
  for (let first = 0; first < copies.length; first += 50) {
    const together = copies.slice(first, first + 50).flatMap(({ resourceSpans }) => resourceSpans);
    const answer = await send(receiver.target, { resourceSpans: together }, "protobuf gzip", {});
    expect(answer).toEqual({ ok: true, text: "" });
  }
  const hits = await lookEverywhere(secrets, []);
  // DuckDB's compression keeps parts of texts apart; whose they are shows where they are whole.
  hits.delete(partly);
  expect([...hits.keys()].sort()).toEqual(Object.values(keptOnPurpose).flat().sort());
});

/** Attributes that are looked at and whose value is a text, and the names beside them. */
function keptTexts(request: Request): ReadonlySet<string> {
  const keys = ["name of a span", "name of a scope", "version of a scope"];
  for (const { key, value } of allAttributes(request)) {
    if (value?.stringValue !== undefined && keepAttribute(key)) keys.push(key);
  }
  return new Set(keys);
}

/** Emitters keep numbers as JSON in some attributes; of these only the numbers are taken. */
function isJson(request: Request, key: string): boolean {
  return allAttributes(request).some(
    (attribute) => attribute.key === key && /^\s*[{[]/.test(attribute.value?.stringValue ?? ""),
  );
}

function allAttributes(request: Request) {
  return [
    ...request.resourceSpans.flatMap(({ resource }) => resource?.attributes ?? []),
    ...spansOf(request).flatMap(({ attributes }) => attributes ?? []),
  ];
}

function replace(request: Request, key: string, text: string): void {
  for (const attribute of allAttributes(request)) {
    if (attribute.key === key && attribute.value?.stringValue !== undefined) {
      attribute.value = { stringValue: text };
    }
  }
  if (key === "name of a span") for (const span of spansOf(request)) span.name = text;
  for (const { scopeSpans } of request.resourceSpans) {
    for (const list of scopeSpans ?? []) {
      if (key === "name of a scope") list.scope = { ...list.scope, name: text };
      if (key === "version of a scope") list.scope = { ...list.scope, version: text };
    }
  }
}

function named(request: Request, service: string): void {
  for (const { resource } of request.resourceSpans) {
    for (const attribute of resource?.attributes ?? []) {
      if (attribute.key === "service.name") attribute.value = { stringValue: service };
    }
  }
}

/** Places of secrets without the trace they are in, and what each was found in. */
function listed(hits: Hits): string[] {
  return [...hits].map(([place, wheres]) => `${place}: found in ${[...wheres].join(", ")}`);
}
