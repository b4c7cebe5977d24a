// Measures what `explain` takes on a database of many records, such as volume.ts makes: CPU of all threads, and time.
//
//     node --conditions=spancost-source test/incidents/speed.ts --db FILE [--times 3] [--queries]
import { parseArgs } from "node:util";
import { explain } from "@spancost/analysis";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { Store } from "../../packages/store/src/store.ts";

const { values } = parseArgs({
  options: {
    db: { type: "string" },
    times: { type: "string", default: "3" },
    queries: { type: "boolean", default: false },
  },
});
if (values.db === undefined) throw new Error("--db takes a database");
const store = await Store.open(values.db);
const reader = store.reader();
for (let turn = 0; turn < Number(values.times); turn += 1) {
  let inSql = 0;
  const ask = async (name: string, variables: Readonly<Record<string, string>>) => {
    const { value, cpu, wall } = await measured(() =>
      reader.readRows(readQueryFile(name).sql, variables),
    );
    inSql += cpu;
    if (values.queries) {
      console.log(`  ${name}: ${cpu} ms of CPU, ${wall} ms, ${value.rows.length} rows`);
    }
    return value;
  };
  const { value, cpu, wall } = await measured(() => explain({ ask }, {}));
  const memory = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(`${cpu} ms of CPU (${inSql} ms in queries), ${wall} ms, ${memory} MB`);
  if (value.kind !== "explanation") continue;
  for (const { sentence } of value.findings) console.log(`  ${sentence}`);
}
await store.close();

/** What `act` gives, with the milliseconds that it took. */
async function measured<Value>(act: () => Promise<Value>) {
  const before = process.cpuUsage();
  const started = performance.now();
  const value = await act();
  const { user, system } = process.cpuUsage(before);
  return {
    value,
    cpu: Math.round((user + system) / 1e3),
    wall: Math.round(performance.now() - started),
  };
}
