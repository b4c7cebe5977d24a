import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CommandError } from "../../errors.ts";
import type { LogFormat } from "./line.ts";
import { createLog, type Log, type LogOptions } from "./log.ts";

let written: string[];
let log: Log;

function start(format: LogFormat, options: Partial<LogOptions> = {}): void {
  written = [];
  log = createLog({
    out: { write: (text) => written.push(text), style: (_, text) => text },
    format,
    now: () => Date.parse("2026-11-19T14:10:00.5Z") + performance.now(),
    ...options,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  start("text", { now: () => Date.parse("2026-11-19T14:10:00.5Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a line is time, level, event, message and facts; what is not known is left out", () => {
  log.info("receiver.started", "receiving", { url: "http://h:4318", pid: 7, team: undefined });
  log.warn("forward.problem", "no answer", { said: 'not "now"', empty: "" });
  expect(written).toEqual([
    "2026-11-19T14:10:00.500Z info  receiver.started  receiving  url=http://h:4318 pid=7\n",
    '2026-11-19T14:10:00.500Z warn  forward.problem  no answer  said="not \\"now\\"" empty=""\n',
  ]);
});

test("in JSON it is one object, whose own members no fact replaces", () => {
  start("json", { now: () => 0 });
  log.error("web.fault", "a\nb", { level: "debug", pid: 7, none: undefined });
  expect(written).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"error","event":"web.fault","message":"a","pid":7}\n',
  ]);
});

test.each(["text", "json"] as const)("no text forges a line or moves a cursor in %s", (format) => {
  start(format);
  const hostile = "\u001b[2Jx\u0000\u0007\u0085\u009b1m\u202edlrow\u2028y\u200f";
  log.error("web.fault", hostile, { agent: hostile, "na\u001bme": "x" });
  log.error("web.fault", "first\n2026-11-19 info all is well", {});
  expect(written).toHaveLength(2);
  for (const line of written) {
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(line).not.toContain("all is well");
  }
  expect(written[0]).toContain("\\u001b[2Jx\\u0000\\u0007\\u0085\\u009b1m\\u202edlrow");
  if (format === "json") expect(JSON.parse(written[0] ?? "").agent).toBe(hostile);
});

test("what matters less than asked for is not written, and counted all the same", () => {
  start("text", { level: "warn" });
  log.debug("web.fault", "d");
  log.info("web.fault", "i");
  log.warn("web.fault", "w");
  expect(written).toHaveLength(1);
  const counts = log.family().samples.map(({ labels, value }) => [labels["level"], value]);
  expect(counts).toEqual([
    ["debug", 1],
    ["info", 1],
    ["warn", 1],
    ["error", 0],
  ]);
});

test("of an error of ours all lines are told, in one; of others the first", () => {
  log.failure(
    "budgets.failed",
    new CommandError("b.yaml has a problem:\n  b.yaml:2:5: unknown key"),
  );
  log.failure("web.fault", new Error("no answer\nto: what somebody asked"));
  expect(written[0]).toContain("b.yaml has a problem: b.yaml:2:5: unknown key");
  expect(written[1]).not.toContain("somebody");
});

describe("what repeats", () => {
  test("is written once a minute, with how often it was not, though its numbers differ", () => {
    for (let nth = 0; nth < 1_000; nth++) {
      log.error("receiver.fault", `${nth} spans of ${"0af7651916cd43dd".repeat(2)} failed`);
    }
    expect(written).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(2);
    expect(written[1]).toContain("999 spans of");
    expect(written[1]).toContain("repeated=999");
    vi.advanceTimersByTime(600_000);
    expect(written).toHaveLength(2);
  });

  test("does not keep back another message, event or level", () => {
    log.error("receiver.fault", "no disk");
    log.error("receiver.fault", "no memory");
    log.warn("receiver.fault", "no disk");
    log.error("settle.failed", "no disk");
    expect(written).toHaveLength(4);
  });

  test("is told when the log is closed", () => {
    for (let nth = 0; nth < 3; nth++) log.error("receiver.fault", "no disk");
    log.close();
    expect(written[1]).toContain("repeated=2");
  });

  test("is bounded, also where no two messages are alike", () => {
    const letters = (nth: number) => [...String(nth)].map((digit) => "abcdefghij"[Number(digit)]);
    for (let nth = 0; nth < 10_000; nth++) log.warn("store.notice", letters(nth).join(""));
    expect(written.length).toBeLessThan(300);
  });
});

describe("the text of an error that came from elsewhere", () => {
  test("is its first line, with its code", () => {
    const error = Object.assign(new Error("write failed\n    at x"), { code: "ENOSPC" });
    log.failure("snapshot.failed", error);
    log.failure("settle.failed", "a text");
    expect(written[0]).toMatch(/ error snapshot\.failed {2}write failed {2}code=ENOSPC\n$/);
    expect(written[1]).toMatch(/ settle\.failed {2}a text\n$/);
  });

  test.each([
    ["Authorization: Bearer eyJhbGciOi.J9-_x refused", "Authorization: Bearer *** refused"],
    ["basic dXNlcjpwYXNz", "basic ***"],
    [`token spancost_${"Ab-_".repeat(11)} is no`, "token spancost_*** is no"],
    ["key sk-ant-api03-abcdefghijklmnop", "key sk-***"],
    ["POST https://user:pass@host/v1/traces", "POST https://***@host/v1/traces"],
    [
      "span 1 was refused: Conversion Error: Could not convert string 'tell me' to INT32",
      "span 1 was refused: Conversion Error: Could not convert string '***' to INT32",
    ],
    ['Constraint Error: Duplicate key "feature: x"', 'Constraint Error: Duplicate key "***"'],
    ["ENOENT: open '/data/spancost.duckdb'", "ENOENT: open '/data/spancost.duckdb'"],
    ["spancost_forward_dropped_spans_total grew", "spancost_forward_dropped_spans_total grew"],
  ])("%s is written as %s", (message, written_) => {
    log.failure("web.fault", new Error(message));
    expect(written[0]).toContain(`  ${written_}\n`);
  });

  test("is cut where it is long", () => {
    log.failure("web.fault", new Error("x".repeat(1_000_000)), { facts: "y".repeat(5_000) });
    expect(written[0]?.length).toBeLessThan(2_200);
  });
});
