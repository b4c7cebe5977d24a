import { existsSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readDiskLog } from "../disk/disk-log.ts";
import { DiskState } from "../disk/disk-state.ts";
import { imageAfter, writeImage } from "../disk/power-loss.ts";
import { ShimmedDisk } from "../disk/shim.ts";
import { violationsOf } from "../oracle.ts";
import { newFolder, type Outcome, randomOf, sendersOf, type World } from "../part.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { checkedStart } from "./checked-start.ts";

/** Milliseconds in which a receiver whose journal cannot be synced has to end. */
const maxEndMs = 10_000;

const faults = ["journal EIO", "database EIO", "short writes", "slow syncs"] as const;

/** What a fault needs to know of where it strikes. */
interface Setting {
  readonly receiver: ReceiverProcess;
  readonly disk: ShimmedDisk;
  readonly db: string;
}

/**
 * The disk fails instead of filling up: an fsync that says EIO, writes that write a part, fsyncs that take seconds.
 * Whatever happens, nothing is acknowledged that would not survive a power loss right then; a receiver whose
 * journal cannot be synced ends with a failure, for what the disk holds is unknown from then on.
 */
export async function failingDisk(world: World, wanted: number): Promise<Outcome> {
  if ("no" in world.shim) {
    return { faults: 0, ledgers: [], figures: {}, violations: [], notRun: world.shim.no };
  }
  const violations: string[] = [];
  const ledgers = [];
  const struck: Record<string, number> = {};
  for (let nth = 0; nth < wanted; nth++) {
    const fault = faults[nth % faults.length] ?? "journal EIO";
    const name = `failing disk ${nth} (${fault})`;
    const random = randomOf(world.seed, 700 + nth);
    const { ledger, load } = sendersOf(world, 700 + nth, { senders: 4, pauseMs: 25, maxSpans: 50 });
    ledgers.push(ledger);
    const { folder, db } = newFolder(world, `failing-${nth}`);
    const disk = new ShimmedDisk(world.shim.library, folder, world.folder);
    const receiver = await ReceiverProcess.start(db, { env: disk.environment });
    load.target = receiver.target;
    load.resume();
    await delay(random.between(300, 900));
    const found = await strike(fault, { receiver, disk, db });
    if (fault === "slow syncs" || fault === "short writes") {
      disk.delaySyncs(0, 0);
      disk.shortenWrites(0);
      await delay(100);
    }
    load.target = undefined;
    await disk.atRest(() => receiver.kill());
    await load.pause();
    struck[fault] = (struck[fault] ?? 0) + disk.failedSyncs + disk.shortWrites;
    const found2 = await afterPowerLoss(world, nth, disk, ledger);
    const again = await ReceiverProcess.start(db);
    load.target = again.target;
    await load.drain();
    const found3 = await violationsOf((sql) => again.ask(sql), ledger);
    await load.stop();
    await again.kill();
    disk.close();
    rmSync(disk.log, { force: true });
    const all = [...found, ...found2, ...found3];
    violations.push(...all.map((violation) => `${name}: ${violation}`));
    if (all.length === 0) rmSync(folder, { recursive: true });
    world.progress(`${nth + 1} of ${wanted} failing disks`);
  }
  return { faults: wanted, ledgers, figures: struck, violations };
}

function strike(fault: (typeof faults)[number], setting: Setting): Promise<readonly string[]> {
  switch (fault) {
    case "journal EIO":
      return journalFails(setting);
    case "database EIO":
      return databaseFails(setting);
    case "short writes":
      return shortWrites(setting);
    case "slow syncs":
      return slowSyncs(setting);
    default:
      return fault satisfies never;
  }
}

/** The journal's, or where there is none the database's own log: what an acknowledgement rests on. */
async function journalFails({ receiver, disk, db }: Setting): Promise<readonly string[]> {
  disk.failSyncs(1, existsSync(`${db}.journal`) ? ".journal/" : ".wal");
  const ended = await Promise.race([receiver.ended, delay(maxEndMs).then(() => undefined)]);
  if (disk.failedSyncs === 0) return ["no fsync was asked for"];
  if (ended === undefined) return [`still running ${maxEndMs / 1000} s after an fsync failed`];
  if (ended.code === 0 || ended.code === null) {
    return [`ended with ${ended.code ?? ended.signal} after an fsync failed, not with a failure`];
  }
  return /EIO|fsync|disk/i.test(receiver.stderr) ? [] : ["ended without saying why"];
}

/** The database is a view of the journal: it may go on, or end with a failure and start anew. */
async function databaseFails({ receiver, disk }: Setting): Promise<readonly string[]> {
  disk.failSyncs(1, "costs.duckdb.wal");
  const begun = performance.now();
  while (disk.failedSyncs === 0 && performance.now() - begun < 3_000) await delay(10);
  await delay(1_000);
  return receiver.isRunning() || (await receiver.ended).code !== 0
    ? []
    : ["ended with success although the database could not be synced"];
}

async function shortWrites({ receiver, disk }: Setting): Promise<readonly string[]> {
  disk.strikeOnly("");
  disk.shortenWrites(30);
  await delay(1_500);
  return receiver.isRunning() ? [] : [`ended because of short writes:\n${receiver.stderr}`];
}

/** Two seconds each: spans wait, questions do not. */
async function slowSyncs({ receiver, disk }: Setting): Promise<readonly string[]> {
  disk.strikeOnly("");
  disk.delaySyncs(2_000_000, 2_000_001);
  const found: string[] = [];
  for (let look = 0; look < 4; look++) {
    await delay(700);
    const begun = performance.now();
    const response = await fetch(new URL("/livez", receiver.url), {
      signal: AbortSignal.timeout(10_000),
    });
    const ms = performance.now() - begun;
    if (!response.ok || ms > 1_000) {
      found.push(`/livez answered ${response.status} after ${Math.round(ms)} ms of slow fsyncs`);
    }
  }
  return found;
}

/** What a power loss at the very end would have left: only what was synced, and not what a failed fsync covered. */
async function afterPowerLoss(
  world: World,
  nth: number,
  disk: ShimmedDisk,
  ledger: Parameters<typeof checkedStart>[2],
): Promise<readonly string[]> {
  const state = new DiskState();
  for (const step of readDiskLog(disk.log)) state.apply(step);
  const { folder, db } = newFolder(world, `failing-${nth}-image`);
  writeImage(imageAfter(state, "strict", randomOf(world.seed, nth)), folder);
  const { violations } = await checkedStart(world, db, ledger);
  if (violations.length === 0) rmSync(folder, { recursive: true });
  return violations.map((violation) => `after a power loss: ${violation}`);
}
