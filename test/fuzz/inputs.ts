import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeRequest } from "@spancost/receiver";
import fc from "fast-check";
import { Random } from "../../packages/cli/src/demo/random.ts";
import { captureFiles } from "./known-keys.ts";
import { mutateBytes, whole } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-json.ts";
import { requests } from "./structures.ts";

export type Format = "protobuf" | "json";

/** An input of the saved corpus, and what it led to when it was saved. */
interface Saved {
  readonly outcome: string;
  readonly base64: string;
}

/** Longest recorded request that is taken as a seed. */
const mostSeedBytes = 6_000;
/** Inputs that led to something new, kept to be changed further. */
const mostFresh = 4_000;
/** Made by fast-check at once: making few at a time takes longer. */
const structuresAtOnce = 50;
/** Changes that are made to each before the next. */
const changesOfEach = 16;

export function corpusFile(format: Format): string {
  return fileURLToPath(new URL(`corpus/${format}.jsonl`, import.meta.url));
}

export function savedCorpus(format: Format): readonly Uint8Array[] {
  const file = corpusFile(format);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Buffer.from((JSON.parse(line) as Saved).base64, "base64"));
}

/** Adds an input to the saved corpus. */
export function saveInput(format: Format, input: Uint8Array, outcome: string): void {
  const saved: Saved = { outcome, base64: Buffer.from(input).toString("base64") };
  appendFileSync(corpusFile(format), `${JSON.stringify(saved)}\n`);
}

/**
 * Inputs without end: the saved corpus as it is, then recorded requests, structures that fast-check makes, and
 * inputs that led to something new, all of them changed a little. The same seed gives the same inputs as long as
 * the same ones are told to be new.
 */
export class Inputs {
  readonly #format: Format;
  readonly #random: Random;
  readonly #seeds: Uint8Array[];
  readonly #fresh: Uint8Array[] = [];
  readonly #saved: Uint8Array[];
  #structures: Uint8Array[] = [];
  #base: Uint8Array = new Uint8Array();
  #changes = 0;
  #round: number;

  constructor(format: Format, seed: number) {
    this.#format = format;
    this.#random = new Random(seed);
    this.#round = seed;
    this.#saved = [...savedCorpus(format)];
    const recorded = captureFiles(format === "json" ? "json" : "pb")
      .filter((file) => statSync(file).size <= mostSeedBytes)
      .map((file) => readFileSync(file));
    // In one line, as exporters send it.
    this.#seeds = [
      ...this.#saved,
      ...(format === "json"
        ? recorded.map((text) => Buffer.from(JSON.stringify(JSON.parse(text.toString()))))
        : recorded),
    ];
  }

  next(): Uint8Array {
    const saved = this.#saved.shift();
    if (saved !== undefined) return saved;
    if (this.#changes === 0) {
      this.#base = this.#pick();
      this.#changes = changesOfEach;
    }
    this.#changes -= 1;
    const mutate = this.#format === "json" ? mutateJson : mutateBytes;
    return mutate(this.#base, this.#seedOrFresh(), this.#random);
  }

  /** What came of `input` was never seen before: more is made of it. */
  keep(input: Uint8Array): void {
    if (input.byteLength > mostSeedBytes) return;
    // It may be a part of something much larger.
    const copy = Uint8Array.from(input);
    if (this.#fresh.length < mostFresh) this.#fresh.push(copy);
    else this.#fresh[whole(this.#random, mostFresh)] = copy;
  }

  #pick(): Uint8Array {
    if (this.#random.chance(0.35)) return this.#structure();
    return this.#seedOrFresh();
  }

  #seedOrFresh(): Uint8Array {
    const list = this.#fresh.length > 0 && this.#random.chance(0.5) ? this.#fresh : this.#seeds;
    return list[whole(this.#random, list.length)] ?? new Uint8Array();
  }

  #structure(): Uint8Array {
    if (this.#structures.length === 0) {
      this.#round += 1;
      this.#structures = fc
        .sample(requests, { numRuns: structuresAtOnce, seed: this.#round })
        .map((request) =>
          this.#format === "json" ? Buffer.from(JSON.stringify(request)) : encodeRequest(request),
        );
    }
    return this.#structures.pop() ?? new Uint8Array();
  }
}
