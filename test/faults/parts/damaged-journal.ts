import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Random } from "../../../packages/cli/src/demo/random.ts";
import { newFolder, type Outcome, randomOf, spread, type World } from "../part.ts";
import { checkedStart } from "./checked-start.ts";
import {
  cutShort,
  cutTail,
  type Damage,
  deleted,
  emptied,
  flippedBits,
  garbage,
  garbageTail,
  zeroed,
  zeroTail,
} from "./damage.ts";
import { prepared } from "./prepared.ts";

const manyBits = flippedBits(50);

const damages: readonly [name: string, damage: Damage][] = [
  ["its end missing", cutTail],
  ["one flipped bit", flippedBits(1)],
  ["zeros at its end", zeroTail],
  ["deleted", deleted],
  ["cut short", cutShort],
  ["zeroed page", zeroed(4096)],
  ["random bytes at its end", garbageTail],
  ["50 flipped bits", manyBits],
  ["emptied", emptied],
  ["random bytes", garbage],
];

/** What leaves nothing of a file, or next to nothing. */
const destroys = new Set<Damage>([deleted, emptied, garbage, cutShort, manyBits]);

/** With the database gone too, a damaged segment may cost the spans in it, and no more than this share of all. */
const mostLost = 0.5;

/**
 * Segments of the journal are damaged. What the database already has stays, in every case; where the database is
 * gone as well, what is readable comes back, once.
 */
export async function damagedJournal(world: World, wanted: number): Promise<Outcome> {
  const random = randomOf(world.seed, 6);
  const good = await prepared(world, 6, "stop", 3_000);
  const violations: string[] = [];
  const readyMs: number[] = [];
  let loud = 0;
  let lost = 0;
  const hasJournal = existsSync(join(good.folder, "costs.duckdb.journal"));
  if (!hasJournal) violations.push("there is no journal beside the database");
  for (let nth = 0; nth < wanted && hasJournal; nth++) {
    const [name, damage] = damages[nth % damages.length] as (typeof damages)[number];
    // Every third time the database is destroyed as well.
    const both = nth % 3 === 2;
    const { folder, db } = good.copy(`journal-${nth}`);
    const file = fileOf(`${db}.journal`, random);
    const mayBeTorn = passesForTorn(file, damage);
    damage(file, random);
    if (both) for (const gone of [db, `${db}.wal`]) rmSync(gone, { force: true });
    const start = await checkedStart(world, db, good.ledger, {
      mayLose: both,
      goesOn: nth % 2 === 0 ? 500 + nth : undefined,
    });
    const title = `journal ${nth} (${basename(file)}: ${name}${both ? ", and no database" : ""})`;
    violations.push(...start.violations.map((violation) => `${title}: ${violation}`));
    const gone = start.difference?.lost.length ?? 0;
    if (gone > good.ledger.acked * mostLost && !destroys.has(damage)) {
      violations.push(`${title}: ${gone} of ${good.ledger.acked} spans are lost`);
    }
    if (gone > 0 && !start.tellsOfLoss && !mayBeTorn) {
      violations.push(`${title}: nothing was said about the loss`);
    }
    lost += gone;
    readyMs.push(...start.readyMs);
    if (start.isLoud) loud += 1;
    if (start.violations.length === 0) rmSync(folder, { recursive: true });
  }
  violations.push(...(await strangeFile(world)));
  return {
    faults: wanted + 1,
    ledgers: [good.ledger],
    figures: { "told of it": loud, "spans lost with both": lost, ready: spread(readyMs, "ms") },
    violations,
  };
}

/** A file that is no segment lies in the journal's folder: an editor's, or of a copy that was broken off. */
async function strangeFile(world: World): Promise<readonly string[]> {
  const good = await prepared(world, 7, "kill", 500);
  const { db } = good.copy("strange");
  const { folder } = newFolder(world, "strange-2");
  for (const place of [`${db}.journal`, folder]) {
    if (existsSync(place)) writeFileSync(join(place, "notes.txt~"), "not a segment");
  }
  const start = await checkedStart(world, db, good.ledger, { goesOn: 600 });
  return start.violations.map((violation) => `a strange file in the journal: ${violation}`);
}

/**
 * What is missing at the end of the newest segment looks like what a kill leaves of a frame that nobody was told of;
 * in an older one, or under bytes that are no segment's, it does not.
 */
function passesForTorn(file: string, damage: Damage): boolean {
  const segments = readdirSync(dirname(file)).filter((name) => name.endsWith(".log"));
  const others = segments.filter((name) => name !== basename(file));
  return damage !== garbage && others.every((name) => name < basename(file));
}

/** A segment, or one of the few other files beside them. */
function fileOf(folder: string, random: Random): string {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const segments = names.filter((name) => name.endsWith(".log"));
  const chosen = random.chance(0.7) ? segments : names;
  return join(folder, chosen[Math.floor(random.next() * chosen.length)] ?? "missing");
}
