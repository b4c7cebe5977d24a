import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type DiskStep, readDiskLog } from "../disk/disk-log.ts";
import { DiskState } from "../disk/disk-state.ts";
import { imageAfter } from "../disk/power-loss.ts";
import { ShimmedDisk } from "../disk/shim.ts";
import type { Ledger } from "../load/ledger.ts";
import { newFolder, randomOf, sendersOf, type World } from "../part.ts";
import { ReceiverProcess } from "../receiver-process.ts";

/** All that a receiver did to its disk while it was sent spans, killed, stopped and started again. */
export interface Recording {
  readonly ledger: Ledger;
  readonly steps: readonly DiskStep[];
  /** Why the recording cannot be relied on. */
  readonly violations: readonly string[];
}

/** Longest time that an fsync takes while it is recorded: the longer, the more there is to lose. */
const syncDelayMicros = 30_000;

/** How each of the receiver's lives ends. The last has to be a kill: nothing may be written after the recording. */
const endings = ["kill", "stop", "kill"] as const;

export async function record(world: World, library: string, nth: number): Promise<Recording> {
  const random = randomOf(world.seed, 100 + nth);
  const { ledger, load } = sendersOf(world, 100 + nth, {
    senders: 4,
    pauseMs: 60,
    maxSpans: 40,
  });
  const { folder, db } = newFolder(world, `recording-${nth}`);
  const disk = new ShimmedDisk(library, folder, world.folder);
  disk.delaySyncs(0, syncDelayMicros);
  const env = disk.environment;
  load.resume();
  for (const ending of endings) {
    const receiver = await ReceiverProcess.start(db, { env });
    load.target = receiver.target;
    await delay(random.between(500, 1_200));
    // A question has what was accepted worked in.
    await receiver.ask("select count(*) from cost_records");
    await delay(random.between(100, 700));
    await (ending === "kill" ? disk.atRest(() => receiver.kill()) : receiver.stop());
    load.target = undefined;
  }
  await load.stop();
  const steps = readDiskLog(disk.log);
  const violations = disk.lostRecords === 0 ? [] : ["the disk's log has gaps"];
  disk.close();
  return { ledger, steps, violations: [...violations, ...unlike(folder, steps)] };
}

/** Copies that are thrown away: nothing rests on them, and they are made by processes of their own. */
const passing = /\.scratch\//;

/** Files that are not what the recording says: something was written past the library. */
function unlike(folder: string, steps: readonly DiskStep[]): string[] {
  const state = new DiskState();
  for (const step of steps) state.apply(step);
  const image = imageAfter(state, "all", randomOf(0, 0));
  const isFile = (name: string) => statSync(join(folder, name)).isFile();
  const names = globSync("**", { cwd: folder }).filter(isFile);
  const recorded = [...image].filter(([, content]) => content !== "folder");
  const others = recorded.map(([name]) => name).filter((name) => !names.includes(name));
  const wrong = names.filter((name) => {
    const content = image.get(name);
    return (
      !(content instanceof Uint8Array) || readFileSync(join(folder, name)).compare(content) !== 0
    );
  });
  return [...others, ...wrong]
    .filter((name) => !passing.test(name))
    .map((name) => `${name} is not what was recorded of it`);
}
