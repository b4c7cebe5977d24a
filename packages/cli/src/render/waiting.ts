import type { Out } from "../ports.ts";
import { ProgressLine } from "./progress.ts";

/** Milliseconds after which somebody at a terminal is told that work goes on. */
const patience = 1_000;

/** Waits for an answer; on a terminal a line says after a second what is being done, and for how long. */
export async function waiting<Answer>(
  out: Out,
  what: string,
  answer: Promise<Answer>,
): Promise<Answer> {
  const line = new ProgressLine(out);
  const started = performance.now();
  const timer = setInterval(() => {
    line.say(`${what} … ${Math.round((performance.now() - started) / 1000)} s`);
  }, patience);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
    line.clear();
  }
}
