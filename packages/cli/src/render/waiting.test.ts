import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { waiting } from "./waiting.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const out = {
    isTTY,
    columns: 80,
    write: (text: string) => void written.push(text),
    style: (_: string, text: string) => text,
  };
  return { out, written };
}

test("what takes longer than a second is told of, and the line is taken away again", async () => {
  const { out, written } = terminal(true);
  const answer = waiting(out, "explaining", new Promise((resolve) => setTimeout(resolve, 2500, 7)));
  await vi.advanceTimersByTimeAsync(2500);
  expect(await answer).toBe(7);
  expect(written).toEqual([
    "\r\u001b[Kexplaining … 1 s",
    "\r\u001b[Kexplaining … 2 s",
    "\r\u001b[K",
  ]);
});

test("nothing is written for what is quick, nor where there is no terminal", async () => {
  for (const [isTTY, millis] of [
    [true, 900],
    [false, 5000],
  ] as const) {
    const { out, written } = terminal(isTTY);
    const answer = waiting(out, "x", new Promise((resolve) => setTimeout(resolve, millis)));
    await vi.advanceTimersByTimeAsync(millis);
    await answer;
    expect(written).toEqual([]);
  }
});

test("a failure is passed on, and the line is gone", async () => {
  const { out, written } = terminal(true);
  await expect(waiting(out, "x", Promise.reject(new Error("no")))).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(5000);
  expect(written).toEqual([]);
});
