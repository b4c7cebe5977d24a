// A process with a database and a question that takes for ever, to be killed in the middle of it.
import { setTimeout as delay } from "node:timers/promises";
import { SqlSandbox, Store } from "@spancost/store";

const store = await Store.open(process.argv[2] ?? "");
const sandbox = new SqlSandbox(store);
await sandbox.ask("select 1");
sandbox
  .ask("select count(*) from range(1000000000000) t(a) where a * a % 25257 = 3")
  .catch(() => {});
await delay(300);
process.send?.("asked");
