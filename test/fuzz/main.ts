// npm run fuzz -- [--runs 1000000] [--seed S] [--http 20000] [--format protobuf|json] [--save-up-to BYTES]: mutated and
// made-up OTLP against the decoder and the reading of spans, in this process, and fewer of them against a real
// receiver. Exits 1 where anything is found.
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import { fuzzReceiver } from "./fuzz-receiver.ts";
import type { Format } from "./inputs.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    http: { type: "string", default: "20000" },
    format: { type: "string" },
    "save-up-to": { type: "string", default: "0" },
  },
});

const seed = Number(values.seed);
const formats = (["protobuf", "json"] as const).filter(
  (format: Format) => values.format === undefined || values.format === format,
);
const progress = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${line} `);
};
console.log(`seed ${seed}`);
let found = 0;
for (const format of formats) {
  const runs = Number(values.runs);
  const saveUpTo = Number(values["save-up-to"]);
  const report = await fuzz({ format, runs, seed, saveUpTo, progress });
  const { findings, ...figures } = report;
  console.log(format, JSON.stringify(figures));
  for (const finding of findings) console.log(`FOUND ${JSON.stringify(finding)}`);
  found += findings.length;
}
if (Number(values.http) > 0) {
  const report = await fuzzReceiver({ requests: Number(values.http), seed, progress });
  const { findings, ...figures } = report;
  console.log("receiver", JSON.stringify(figures));
  for (const finding of findings) console.log(`FOUND ${JSON.stringify(finding)}`);
  found += findings.length;
}
console.log(found === 0 ? "nothing found" : `${found} findings`);
process.exit(found === 0 ? 0 : 1);
