import { setTimeout as delay } from "node:timers/promises";
import { Store } from "@spancost/store";
import { spanOf } from "../../retention/spans.ts";

/**
 * Appends batches for as long as it is let, and takes one snapshot after the other meanwhile, in a process of its own, which a
 * test kills: `FILE FIRST SIZE ROUND`. Prints how many spans are acknowledged, and which snapshot is made.
 */
const [file = "", ...numbers] = process.argv.slice(2);
const [first = 0, size = 0, round = 0] = numbers.map(Number);
const store = await Store.open(file, { journal: true });
await store.ready();

async function append(): Promise<never> {
  for (let next = first; ; next += size) {
    const spans = Array.from({ length: size }, (_, nth) =>
      spanOf({ trace: next + nth, span: 0, day: 0, at: (next + nth) % 80_000_000, cost: 3n }),
    );
    await store.append(spans);
    process.stdout.write(`acknowledged ${next + size}\n`);
    // A snapshot waits until all that came before is settled: more than that takes up would come.
    await delay(100);
  }
}

async function snapshot(): Promise<never> {
  for (let nth = 1; ; nth++) {
    await store.keepSnapshot(new Date(Date.UTC(2026, 10, 21, round, 0, nth)));
    process.stdout.write(`snapshot ${nth}\n`);
  }
}

await Promise.all([append(), snapshot()]);
