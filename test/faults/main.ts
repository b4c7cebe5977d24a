// npm run faults -- [--seed S] [--quick] [--kills N] [--images N] [--full-disks N] [--failing-disks N] [--damages N]
// [--journal-damages N] [--second-processes N]: does to a real receiver what crashes, disks and people do, and holds it to
// its promise. Exits 1 where it is broken. The same seed does the same again, as far as time allows.
import { runCampaign, tableOf } from "./campaign.ts";
import { planOf } from "./plan.ts";

const plan = planOf(process.argv.slice(2));
console.log(`seed ${plan.seed}\n`);
const reports = await runCampaign(plan, (line) => console.log(line));
console.log(`\n${tableOf(reports)}`);
const violations = reports.reduce((total, report) => total + report.violations.length, 0);
console.log(
  violations === 0
    ? "\nno acknowledged span was lost, none counted twice, every total is the ledger's"
    : `\n${violations} violations`,
);
process.exit(violations === 0 ? 0 : 1);
