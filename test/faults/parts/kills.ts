import { setTimeout as delay } from "node:timers/promises";
import type { Ledger } from "../load/ledger.ts";
import type { Load } from "../load/load.ts";
import { violationsOf } from "../oracle.ts";
import { newFolder, type Outcome, randomOf, sendersOf, spread, type World } from "../part.ts";
import { askFile, BehindError, ReceiverProcess, SlowError } from "../receiver-process.ts";

/** Kills between two looks at what is stored. */
const killsPerLook = 10;
/** Milliseconds for a look under load: on a busy machine more would come meanwhile than may be asked for at once. */
const patienceMs = 15_000;
/** SIGTERM has to end a receiver within so many milliseconds. */
const maxStopMs = 6_000;

/**
 * Kills of one database. What a question may take is bounded, and the question whether every span is there is a large one.
 */
const killsPerDatabase = 25;
const spansPerDatabase = 150_000;

/**
 * SIGKILL at any moment, its start and its end included, while senders go on; now and then a SIGTERM, which has to
 * end the process in good order.
 */
export async function kills(world: World, wanted: number): Promise<Outcome> {
  const done: Done = { ledgers: [], stops: 0, readyMs: [], stopMs: [], violations: [] };
  for (let from = 0; from < wanted && done.violations.length === 0; ) {
    from = await killsOfOne(world, from, Math.min(wanted, from + killsPerDatabase), done);
  }
  const { ledgers, stops, readyMs, stopMs, violations } = done;
  return {
    faults: wanted,
    ledgers,
    figures: { stops, ready: spread(readyMs, "ms"), stopped: spread(stopMs, "ms") },
    violations,
  };
}

interface Done {
  readonly ledgers: Ledger[];
  stops: number;
  readonly readyMs: number[];
  readonly stopMs: number[];
  readonly violations: string[];
}

/** @returns how many kills there were by then: fewer where the database got large */
async function killsOfOne(world: World, from: number, until: number, done: Done): Promise<number> {
  const { readyMs, stopMs, violations } = done;
  const random = randomOf(world.seed, 1 + from);
  const { ledger, load } = sendersOf(world, 2_000 + from);
  const { db } = newFolder(world, `kills-${from}`);
  done.ledgers.push(ledger);
  let receiver = await ReceiverProcess.launch(db);
  load.resume();
  let kill = from;
  while (kill < until && (kill === from || ledger.acked < spansPerDatabase)) {
    kill += 1;
    // One in six dies before it listens: in the middle of repairing what the last kill left.
    if (random.chance(1 / 6)) await delay(random.between(0, 700));
    else {
      await receiver.ready();
      readyMs.push(receiver.readyMs);
      load.target = receiver.target;
      await delay(random.between(30, 900));
      if (kill % killsPerLook === 0) {
        violations.push(...(await lookUnderLoad(receiver, load, ledger)));
        world.progress(`${kill} kills, ${ledger.acked} spans acknowledged by this database`);
      }
    }
    if (random.chance(1 / 10) && Number.isFinite(receiver.readyMs)) {
      done.stops += 1;
      const { code, ms } = await receiver.stop();
      stopMs.push(ms);
      if (code !== 0 || ms > maxStopMs) {
        violations.push(`SIGTERM under load: exit code ${code} after ${ms} ms`);
      }
    } else await receiver.kill();
    load.target = undefined;
    receiver = await ReceiverProcess.launch(db);
    // What comes after a loss tells nothing new.
    if (violations.length > 0) break;
  }
  await receiver.ready();
  load.target = receiver.target;
  await load.drain();
  violations.push(...(await violationsOf((sql) => receiver.ask(sql), ledger)));
  await load.stop();
  await receiver.stop();
  violations.push(...(await violationsOf((sql) => askFile(db, sql), ledger)));
  return kill;
}

/** Where more comes than a busy machine can work out, the look is taken once nothing comes. */
async function lookUnderLoad(
  receiver: ReceiverProcess,
  load: Load,
  ledger: Ledger,
): Promise<readonly string[]> {
  try {
    const ask = (sql: string) => receiver.ask(sql, patienceMs);
    return await violationsOf(ask, ledger, { underLoad: true });
  } catch (error) {
    if (!(error instanceof BehindError || error instanceof SlowError)) throw error;
    await load.pause();
    const violations = await violationsOf((sql) => receiver.ask(sql), ledger);
    load.resume();
    return violations;
  }
}
