import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ShimmedDisk } from "../disk/shim.ts";
import type { Ledger } from "../load/ledger.ts";
import { violationsOf } from "../oracle.ts";
import { newFolder, type Outcome, randomOf, sendersOf, spread, type World } from "../part.ts";
import { BehindError, NotStartedError, ReceiverProcess } from "../receiver-process.ts";

/** Takes up space and gives it back. */
interface SmallDisk {
  readonly db: string;
  readonly kind: string;
  readonly env: Readonly<Record<string, string>>;
  /** Leaves so many bytes. */
  fill(left: number): void;
  free(): void;
  remove(): void;
}

const diskMegabytes = 192;
/** The receiver takes spans again within so many milliseconds. */
const maxHealMs = 5_000;
/** What is left when it gets tight; the less, the earlier the first write of all fails. */
const lefts = [0, 4_096, 40_000, 200_000, 700_000, 2_000_000] as const;

/**
 * The disk fills up and is freed again while senders go on. A receiver refuses what it cannot keep with a 503,
 * goes on answering questions, and takes spans again as soon as there is space.
 */
export async function fullDisks(world: World, wanted: number): Promise<Outcome> {
  const random = randomOf(world.seed, 8);
  const disk = smallDisk(world);
  if (typeof disk === "string") {
    return { faults: 0, ledgers: [], figures: {}, violations: [], notRun: disk };
  }
  const { ledger, load } = sendersOf(world, 8, { pauseMs: 30, maxSpans: 80 });
  const violations: string[] = [];
  const healMs: number[] = [];
  const answerMs: number[] = [];
  let startsOnFull = 0;
  let rounds = 0;
  let receiver = await ReceiverProcess.start(disk.db, { env: disk.env });
  try {
    load.target = receiver.target;
    load.resume();
    for (let round = 0; round < wanted && receiver.isRunning(); round++) {
      rounds += 1;
      await delay(random.between(100, 600));
      const refused = ledger.answers.get("503") ?? 0;
      disk.fill(random.pick([...lefts]));
      await until(() => (ledger.answers.get("503") ?? 0) > refused, 10_000);
      if ((ledger.answers.get("503") ?? 0) === refused && receiver.isRunning()) {
        violations.push(`round ${round}: no 503 although the disk is full`);
      }
      await delay(random.between(200, 1_500));
      violations.push(...(await answersWhileFull(receiver, ledger, round, answerMs)));
      const restarts = round % 4 === 3;
      if (restarts) {
        startsOnFull += 1;
        await receiver.kill();
        load.target = undefined;
        receiver = await startOnFull(disk, violations);
      }
      const acked = ledger.acked;
      const freed = performance.now();
      disk.free();
      if (restarts) {
        if (!receiver.isRunning()) receiver = await ReceiverProcess.launch(disk.db, disk);
        await receiver.ready();
        load.target = receiver.target;
      }
      await until(() => ledger.acked > acked, maxHealMs * 2);
      const ms = performance.now() - freed;
      if (!restarts) healMs.push(ms);
      if (ms > maxHealMs && !restarts) {
        violations.push(`round ${round}: takes spans again only after ${Math.round(ms)} ms`);
      }
      world.progress(`${round + 1} of ${wanted} full disks`);
    }
    if (receiver.isRunning()) {
      await load.drain();
      violations.push(...(await violationsOf((sql) => receiver.ask(sql), ledger)));
    }
    await load.stop();
    await receiver.stop();
  } finally {
    await load.stop();
    await receiver.kill();
    disk.remove();
  }
  return {
    faults: rounds,
    ledgers: [ledger],
    figures: {
      disk: disk.kind,
      "503": ledger.answers.get("503") ?? 0,
      "starts while full": startsOnFull,
      healed: spread(healMs, "ms"),
      "answered while full": spread(answerMs, "ms"),
    },
    violations,
  };
}

async function answersWhileFull(
  receiver: ReceiverProcess,
  ledger: Ledger,
  round: number,
  answerMs: number[],
): Promise<readonly string[]> {
  if (!receiver.isRunning()) {
    return [`round ${round}: the receiver ended because of the full disk:\n${receiver.stderr}`];
  }
  const words = () => receiver.stderr.slice(-500);
  const statusOf = (path: string) => timedStatus(receiver, path, answerMs);
  const top = await statusOf("api/top?since=2d");
  if (top !== 200) return [`round ${round}: /api/top answers ${top} on a full disk\n${words()}`];
  // SQL of people's own is run on a copy, for which there may be no space.
  const sql = await statusOf("api/query?sql=select%201");
  if (sql === 503) return [];
  if (sql !== 200) return [`round ${round}: SQL is answered ${sql} on a full disk\n${words()}`];
  const wrong = await violationsOf((text) => receiver.ask(text, 20_000), ledger, {
    underLoad: true,
  }).catch((error: unknown) => (error instanceof BehindError ? [] : [String(error)]));
  return wrong.map((violation) => `round ${round}, while full: ${violation}\n${words()}`);
}

/** The status of a question's answer; 0 for none within 20 s. */
async function timedStatus(
  receiver: ReceiverProcess,
  path: string,
  tookMs: number[],
): Promise<number> {
  const begun = performance.now();
  try {
    const signal = AbortSignal.timeout(20_000);
    const response = await fetch(new URL(path, `${receiver.url}/`), { signal });
    await response.text();
    return response.status;
  } catch {
    return 0;
  } finally {
    tookMs.push(performance.now() - begun);
  }
}

/** It may start and wait for space, or end and say why; it must not hang or fail without a word. */
async function startOnFull(disk: SmallDisk, violations: string[]): Promise<ReceiverProcess> {
  const receiver = await ReceiverProcess.launch(disk.db, disk);
  try {
    await receiver.ready(15_000);
  } catch (error) {
    if (!(error instanceof NotStartedError)) throw error;
    if (!receiver.isRunning() && !/space|full|ENOSPC/i.test(receiver.stderr)) {
      violations.push(`ended on a full disk without saying why:\n${receiver.stderr}`);
    }
  }
  return receiver;
}

/** A tmpfs where this may be mounted; else the library that refuses to write. */
function smallDisk(world: World): SmallDisk | string {
  const { folder } = newFolder(world, "full-disk");
  const mounted = join(folder, "disk");
  mkdirSync(mounted);
  try {
    const options = ["-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "tmpfs", mounted];
    execFileSync("mount", options, { stdio: "pipe" });
  } catch {
    return "no" in world.shim
      ? `no small disk can be mounted here, and ${world.shim.no}`
      : refusingDisk(world, world.shim.library, folder);
  }
  const ballast = join(mounted, "ballast");
  return {
    db: join(realpathSync(mounted), "costs.duckdb"),
    kind: "tmpfs",
    env: {},
    fill(left) {
      const { bavail, bsize } = statfsSync(mounted);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      } catch (error) {
        // The receiver took some of it meanwhile: as full as can be.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    free: () => rmSync(ballast),
    remove: () => execFileSync("umount", [mounted]),
  };
}

function refusingDisk(world: World, library: string, folder: string): SmallDisk {
  const root = realpathSync(folder);
  const disk = new ShimmedDisk(library, root, world.folder, { record: false });
  return {
    db: join(root, "costs.duckdb"),
    kind: "writes refused",
    env: disk.environment,
    fill(left) {
      disk.space = BigInt(left);
    },
    free() {
      disk.space = -1n;
    },
    remove: () => disk.close(),
  };
}

async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isSo() && performance.now() < end) await delay(10);
}
