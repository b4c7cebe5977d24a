import { setTimeout as delay } from "node:timers/promises";
import { violationsOf } from "../oracle.ts";
import { newFolder, type Outcome, randomOf, sendersOf, spread, type World } from "../part.ts";
import { askFile, ReceiverProcess } from "../receiver-process.ts";

/** Kills between two looks at what is stored. */
const killsPerLook = 10;
const loaded = { underLoad: true };
/** SIGTERM has to end a receiver within so many milliseconds. */
const maxStopMs = 6_000;

/**
 * SIGKILL at any moment, its start and its end included, while senders go on; now and then a SIGTERM, which has to
 * end the process in good order.
 */
export async function kills(world: World, wanted: number): Promise<Outcome> {
  const random = randomOf(world.seed, 1);
  const { ledger, load } = sendersOf(world, 1);
  const { db } = newFolder(world, "kills");
  const violations: string[] = [];
  const readyMs: number[] = [];
  const stopMs: number[] = [];
  let stops = 0;
  let receiver = await ReceiverProcess.launch(db);
  load.resume();
  for (let kill = 1; kill <= wanted; kill++) {
    // One in six dies before it listens: in the middle of repairing what the last kill left.
    if (random.chance(1 / 6)) await delay(random.between(0, 700));
    else {
      await receiver.ready();
      readyMs.push(receiver.readyMs);
      load.target = receiver.target;
      await delay(random.between(30, 900));
      if (kill % killsPerLook === 0) {
        violations.push(...(await violationsOf((sql) => receiver.ask(sql), ledger, loaded)));
        world.progress(`${kill} of ${wanted} kills, ${ledger.acked} spans acknowledged`);
      }
    }
    if (random.chance(1 / 10) && Number.isFinite(receiver.readyMs)) {
      stops += 1;
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
  return {
    faults: wanted,
    ledgers: [ledger],
    figures: { stops, ready: spread(readyMs, "ms"), stopped: spread(stopMs, "ms") },
    violations,
  };
}
