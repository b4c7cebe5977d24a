// Plants incidents and scores what `explain` makes of them:
//
//     node --conditions=spancost-source test/incidents/score.ts [--seeds 1..20] [--kinds "retry storm,busy day"] [--verbose]
import { parseArgs } from "node:util";
import { answerTo, matchesOf } from "./answer.ts";
import { drawCase } from "./case.ts";
import { incidentKinds, quietKinds } from "./kinds.ts";
import { type Outcome, outcomeOf, tableOf } from "./outcome.ts";
import { databaseOf } from "./table.ts";

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
const outcomes: Outcome[] = [];
for (const kind of kinds) {
  for (let seed = first; seed <= last; seed += 1) {
    const one = drawCase(kind, seed);
    const connection = await databaseOf(one);
    const started = process.cpuUsage();
    const answer = await answerTo(connection, one);
    const { user, system } = process.cpuUsage(started);
    const outcome = outcomeOf(
      one,
      answer,
      await matchesOf(connection, one, answer.findings),
      (user + system) / 1e6,
    );
    outcomes.push(outcome);
    connection.closeSync();
    if (values.verbose || !outcome.isRight) console.error(outcome.story);
  }
}
console.log(tableOf(outcomes));
