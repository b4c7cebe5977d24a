import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InProcess, type Result } from "./in-process.ts";
import { type Format, Inputs, saveInput } from "./inputs.ts";

/** What to do. */
export interface FuzzOrder {
  readonly format: Format;
  readonly runs: number;
  readonly seed: number;
  /** Saves inputs that led to something new and are at most so long. */
  readonly saveUpTo?: number;
  /** Told now and then how far it is. */
  progress?(line: string): void;
}

/** An input that led to what must not happen. */
export interface Finding {
  readonly fault: string;
  readonly base64: string;
  readonly bytes: number;
}

/** What came of it. */
export interface FuzzReport {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Different ways that inputs went. */
  readonly outcomes: number;
  readonly slowestMs: number;
  /** Growth of the heap after garbage collection, from a tenth of the runs to their end, in megabytes. */
  readonly grownMegabytes: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** An input may take so long. */
const maxMs = 1_000;
const maxGrowthMegabytes = 100;
/** One in so many is decoded a second time, by a decoder that has seen nothing else. */
const freshEvery = 20;
/** Of each fault the first inputs are reported. */
const inputsPerFault = 3;

/** Gives the decoder of a format one input after the other, and looks at what it makes of them. */
export async function fuzz(order: FuzzOrder): Promise<FuzzReport> {
  const { format, runs, seed } = order;
  const begun = performance.now();
  const inputs = new Inputs(format, seed);
  const target = new InProcess(format);
  const outcomes = new Map<string, number>();
  const findings = new Findings();
  let accepted = 0;
  let slowestMs = 0;
  let heap = Number.NaN;
  for (let run = 0; run < runs; run++) {
    const input = inputs.next();
    const result = target.run(input);
    // A pause of the machine's is none of the input's doing: it would have to take as long again.
    if (result.ms > maxMs && target.run(input).ms > maxMs) findings.add(`${maxMs} ms`, input);
    slowestMs = Math.max(slowestMs, result.ms > maxMs ? 0 : result.ms);
    for (const fault of result.faults) findings.add(fault, input);
    if (run % freshEvery === 0 && !target.isSameAfresh(input)) {
      findings.add("depends on what was decoded before", input);
    }
    if (result.outcome.startsWith("200")) accepted += 1;
    noteOutcome(outcomes, inputs, input, result, order);
    if (run === Math.floor(runs / 10)) heap = heapMegabytes();
    if (run % 10_000 === 9_999) {
      order.progress?.(`${format}: ${run + 1} of ${runs}, ${outcomes.size} outcomes`);
      await delay(0);
    }
  }
  const grownMegabytes = heapMegabytes() - heap;
  if (grownMegabytes > maxGrowthMegabytes) findings.add("memory grows", new Uint8Array());
  return {
    runs,
    accepted,
    refused: runs - accepted,
    outcomes: outcomes.size,
    slowestMs: Math.round(slowestMs),
    grownMegabytes: Math.round(grownMegabytes),
    findings: findings.list,
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

function noteOutcome(
  outcomes: Map<string, number>,
  inputs: Inputs,
  input: Uint8Array,
  { outcome }: Result,
  { format, saveUpTo = 0 }: FuzzOrder,
): void {
  const before = outcomes.get(outcome) ?? 0;
  if (outcomes.size < 100_000 || before > 0) outcomes.set(outcome, before + 1);
  if (before > 0) return;
  inputs.keep(input);
  if (input.byteLength <= saveUpTo) saveInput(format, input, outcome);
}

class Findings {
  readonly list: Finding[] = [];

  add(fault: string, input: Uint8Array): void {
    const title = fault.split("\n", 3).join(" ").slice(0, 300);
    if (this.list.filter((finding) => finding.fault === title).length >= inputsPerFault) return;
    const base64 = Buffer.from(input).toString("base64");
    this.list.push({ fault: title, base64, bytes: input.byteLength });
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapMegabytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}
