import { Store } from "@spancost/store";

/** Runs a retention in a process of its own, which a test kills: `FILE NOW KEEP_SPANS KEEP`, in milliseconds. */
const [file = "", ...numbers] = process.argv.slice(2);
const [now = 0, keepSpansMillis = 0, keepMillis = 0] = numbers.map(Number);
const store = await Store.open(file, { journal: true });
await store.ready();
process.stdout.write("ready\n");
const policy = { keepSpansMillis, keepMillis, maxBytes: 1 };
await store.retention(policy).run(now);
process.stdout.write("done\n");
await store.close();
