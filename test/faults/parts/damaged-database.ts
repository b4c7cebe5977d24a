import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newFolder, type Outcome, randomOf, spread, type World } from "../part.ts";
import { SideBySide } from "../side-by-side.ts";
import { checkedStart } from "./checked-start.ts";
import {
  cutShort,
  type Damage,
  deleted,
  emptied,
  flippedBits,
  garbage,
  text,
  tornHeader,
  zeroed,
  zeroTail,
} from "./damage.ts";
import { type Ending, prepared } from "./prepared.ts";

interface Case {
  readonly name: string;
  readonly after: Ending;
  readonly file: "" | ".wal";
  readonly damage: Damage;
  /** It cannot go unnoticed. Bits of a page that nothing uses can. */
  readonly shows: boolean;
}

const ofDatabase: readonly [name: string, damage: Damage, shows: boolean][] = [
  ["deleted", deleted, true],
  ["cut short", cutShort, true],
  ["torn header", tornHeader, true],
  ["zeroed page", zeroed(4096), false],
  ["20 flipped bits", flippedBits(20), false],
  ["random bytes", garbage, true],
  ["emptied", emptied, true],
  ["one flipped bit", flippedBits(1), false],
  ["both headers zeroed", zeroed(8192, 4096), true],
  ["zeroed metadata block", zeroed(262_144, 12_288), true],
  ["a text file", text, true],
  ["everything zeroed", zeroed(Number.MAX_SAFE_INTEGER, 0), true],
];

const ofLog: readonly [name: string, damage: Damage, shows: boolean][] = [
  ["deleted", deleted, false],
  ["cut short", cutShort, false],
  ["zeros at its end", zeroTail, false],
  ["zeroed page", zeroed(4096), false],
  ["one flipped bit", flippedBits(1), false],
  ["random bytes", garbage, true],
];

const cases: readonly Case[] = [
  ...ofDatabase.map(([name, damage, shows]) => caseOf(name, "stop", "", damage, shows)),
  ...ofLog.map(([name, damage, shows]) => caseOf(name, "kill", ".wal", damage, shows)),
  ...ofDatabase.map(([name, damage, shows]) => caseOf(name, "kill", "", damage, shows)),
  caseOf("random bytes", "stop", ".wal", garbage, false),
];

function caseOf(
  name: string,
  after: Ending,
  file: "" | ".wal",
  damage: Damage,
  shows: boolean,
): Case {
  return { name, after, file, damage, shows };
}

/**
 * The database file or its write-ahead log is destroyed or damaged while nobody has it open. The receiver has to
 * start by itself, build it anew where it must, say so, and hold all that was ever acknowledged.
 */
export async function damagedDatabase(world: World, wanted: number): Promise<Outcome> {
  const random = randomOf(world.seed, 3);
  const good = {
    stop: await prepared(world, 3, "stop", 4_000),
    kill: await prepared(world, 4, "kill", 4_000),
  };
  const violations: string[] = [];
  const readyMs: number[] = [];
  const starts = new SideBySide();
  let loud = 0;
  // Each run of the campaign begins elsewhere, so that a short one sees all of them in time.
  const first = Math.floor(random.next() * cases.length);
  for (let nth = 0; nth < wanted; nth++) {
    // 7 shares no factor with the number of cases: all of them have their turn, no two alike in a row.
    const { name, after, file, damage, shows } = cases[(first + nth * 7) % cases.length] as Case;
    const { folder, db } = good[after].copy(`damaged-${nth}`);
    // A checkpoint may have left no log: then one that is none lies there.
    if (existsSync(db + file)) damage(db + file, random);
    else garbage(db + file, random);
    await starts.begin(async () => {
      const start = await checkedStart(world, db, good[after].ledger, {
        goesOn: nth % 3 === 0 ? 400 + nth : undefined,
      });
      const title = `damage ${nth} (costs.duckdb${file}: ${name}, after a ${after})`;
      violations.push(...start.violations.map((violation) => `${title}: ${violation}`));
      if (shows && !start.isLoud) violations.push(`${title}: nothing was said about it`);
      readyMs.push(...start.readyMs);
      if (start.isLoud) loud += 1;
      if (start.violations.length === 0) rmSync(folder, { recursive: true });
    });
    if ((nth + 1) % 10 === 0) world.progress(`${nth + 1} of ${wanted} damaged databases`);
  }
  await starts.over();
  const stale = await olderCopy(world);
  return {
    faults: wanted + 1,
    ledgers: [good.stop.ledger, good.kill.ledger],
    figures: { "told of it": loud, ready: spread(readyMs, "ms") },
    violations: [...violations, ...stale],
  };
}

/** Somebody puts a copy from before back: the journal brings it up to date. */
async function olderCopy(world: World): Promise<readonly string[]> {
  const old = await prepared(world, 5, "stop", 1_500);
  const { folder } = newFolder(world, "older-copy");
  copyFileSync(join(old.folder, "costs.duckdb"), join(folder, "old"));
  const { db } = old.copy("older");
  const first = await checkedStart(world, db, old.ledger, { goesOn: 450 });
  copyFileSync(join(folder, "old"), db);
  rmSync(`${db}.wal`, { force: true });
  const again = await checkedStart(world, db, old.ledger, { goesOn: 451 });
  return [...first.violations, ...again.violations].map((violation) => `older copy: ${violation}`);
}
