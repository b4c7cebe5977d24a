import { type Findings, figure } from "./findings.ts";

/** What the data path is to reach, as a ratio that holds on any machine. */
interface Goal {
  /** As in the list of goals: one number may have several. */
  readonly number: number;
  readonly measures: string;
  readonly wanted: "at least" | "at most";
  readonly limit: number;
  /** `undefined` where what it is made of was not measured in this run. */
  value(findings: Findings): number | undefined;
}

const goals: readonly Goal[] = [
  {
    number: 1,
    measures: "bare limit / serve, both until settled",
    wanted: "at least",
    limit: 0.7,
    value: (f) => f.ratio("bare limit, settled", "serve, settled"),
  },
  {
    number: 1,
    measures: "the same with content",
    wanted: "at least",
    limit: 0.6,
    value: (f) => f.ratio("bare limit, settled, with content", "serve, settled, with content"),
  },
  {
    number: 2,
    measures: "protobufjs / decoder, asked nothing",
    wanted: "at least",
    limit: 6,
    value: (f) => f.ratio("protobufjs", "decoder, nothing asked"),
  },
  {
    number: 2,
    measures: "protobufjs / decoder, asked all that a record is made of",
    wanted: "at least",
    limit: 6,
    value: (f) => f.ratio("protobufjs", "decoder, asked what a call says"),
  },
  {
    number: 2,
    measures: "decoder with content / without",
    wanted: "at most",
    limit: 1.6,
    value: (f) =>
      f.ratio("decoder, asked what a call says, with content", "decoder, asked what a call says"),
  },
  {
    number: 3,
    measures: "naive stack / serve, acknowledged",
    wanted: "at least",
    limit: 8,
    value: (f) => f.ratio("naive stack, committed", "serve, acknowledged"),
  },
  {
    number: 3,
    measures: "naive stack / serve, settled, which the naive one never is",
    wanted: "at least",
    limit: 8,
    value: (f) => f.ratio("naive stack, committed", "serve, settled"),
  },
  {
    number: 4,
    measures: "express's part of a request of 512 spans, acknowledged",
    wanted: "at most",
    limit: 0.03,
    value: expressShare,
  },
  {
    number: 4,
    measures: "body and inflate / express.raw",
    wanted: "at most",
    limit: 0.75,
    value: (f) => f.ratio("express, 512 spans", "express-raw, 512 spans"),
  },
  {
    number: 4,
    measures: "the same with content",
    wanted: "at most",
    limit: 0.75,
    value: (f) => f.ratio("express, 512 spans with content", "express-raw, 512 spans with content"),
  },
  {
    number: 5,
    measures: "gRPC / HTTP, a request of 512 spans",
    wanted: "at most",
    limit: 1.4,
    value: (f) => f.ratio("receiver, gRPC, 512 spans", "receiver, HTTP, 512 spans"),
  },
  {
    number: 6,
    measures: "row appender / append",
    wanted: "at least",
    limit: 4,
    value: (f) => f.ratio("append row by row with an appender", "append as the store does"),
  },
  {
    number: 6,
    measures: "prepared insert / append",
    wanted: "at least",
    limit: 200,
    value: (f) => f.ratio("insert row by row, prepared", "append as the store does"),
  },
  {
    number: 7,
    measures: "journal with content / without",
    wanted: "at most",
    limit: 1.01,
    value: (f) => f.ratio("serve, journal, with content", "serve, journal"),
  },
  {
    number: 7,
    measures: "serve with content / without, acknowledged",
    wanted: "at most",
    limit: 2.4,
    value: (f) => f.ratio("serve, acknowledged, with content", "serve, acknowledged"),
  },
  {
    number: 9,
    measures: "a span of a request of 8 / of 512, acknowledged",
    wanted: "at most",
    limit: 3,
    value: (f) => f.ratio("serve, acknowledged, 8 spans a request", "serve, acknowledged"),
  },
  {
    number: 10,
    measures: "acknowledgement at a tenth of the load / fdatasync, medians",
    wanted: "at most",
    limit: 5,
    value: (f) =>
      f.ratio("acknowledgement at a tenth of that, median", "fdatasync of 128 KiB, median"),
  },
  {
    number: 15,
    measures: "bytes a record in the database",
    wanted: "at most",
    limit: 90,
    value: (f) => f.get("bare limit, database"),
  },
];

/** Goals about what is asked of a large database; they take hours of data. */
const elsewhere =
  "not measured here: 8 (duplicates), 11 to 14 (questions of a large database), 16 (seal and rollup)";

/** Prints every goal with what this run reached. Whether that will do is for the reader to say. */
export function printGoals(findings: Findings): void {
  console.log("\ngoals, as ratios of this run");
  for (const { number, measures, wanted, limit, value } of goals) {
    const reached = value(findings);
    const verdict = reached === undefined ? "not measured" : isMet(reached, wanted, limit);
    console.log(
      `  ${String(number).padStart(2)}  ${measures.padEnd(58)} ${(reached === undefined ? "–" : figure(reached)).padStart(7)}  ${wanted} ${figure(limit).padEnd(6)} ${verdict}`,
    );
  }
  console.log(`  ${elsewhere}`);
  const cpu = findings.get("serve, acknowledged");
  const settled = findings.get("serve, settled");
  if (cpu === undefined || settled === undefined) return;
  console.log(
    `\n${figure(1e6 / cpu)} spans/s for each core until acknowledged (goal: 90,000), ${figure(1e6 / settled)} until settled`,
  );
}

function isMet(reached: number, wanted: Goal["wanted"], limit: number): string {
  return (wanted === "at least" ? reached >= limit : reached <= limit) ? "met" : "NOT MET";
}

/** What express adds to a request, as seen in empty ones, where it is not lost in the noise. */
function expressShare(findings: Findings): number | undefined {
  const [express, node] = [
    findings.get("express, empty bodies"),
    findings.get("node, empty bodies"),
  ];
  const span = findings.get("serve, acknowledged");
  if (express === undefined || node === undefined || span === undefined) return undefined;
  return (express - node) / (span * 512);
}
