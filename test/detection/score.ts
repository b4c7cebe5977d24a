// Plants incidents and scores whether a spike is found without being told when:
//
//     node --conditions=spancost-source test/detection/score.ts [--seeds 1..20] [--kinds "retry storm,busy day"] [--verbose]
import { parseArgs } from "node:util";
import { readDetection } from "@spancost/analysis";
import { instantOf, readerOf } from "../incidents/answer.ts";
import { type Case, drawCase } from "../incidents/case.ts";
import { incidentKinds, quietKinds } from "../incidents/kinds.ts";
import { databaseOf } from "../incidents/table.ts";
import { type Detected, detectionTable, toDetected } from "./detected.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..20" },
    kinds: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

const [first = 1, last = first] = values.seeds.split("..").map(Number);
const kinds = values.kinds?.split(",") ?? [
  ...Object.keys(incidentKinds),
  ...Object.keys(quietKinds),
];

const detected: Detected[] = [];
for (const kind of kinds) {
  for (let seed = first; seed <= last; seed += 1) {
    const one = drawCase(kind, seed);
    const outcome = await detectIn(one);
    detected.push(outcome);
    if (values.verbose) console.error(outcome.story);
  }
}
console.log(detectionTable(detected));

async function detectIn(one: Case): Promise<Detected> {
  const connection = await databaseOf(one);
  const started = process.cpuUsage();
  const detection = await readDetection(readerOf(connection), instantOf(one, one.end));
  const { user, system } = process.cpuUsage(started);
  connection.closeSync();
  return toDetected(one, detection, (user + system) / 1e6);
}
