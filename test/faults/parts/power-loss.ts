import { rmSync } from "node:fs";
import type { Random } from "../../../packages/cli/src/demo/random.ts";
import type { DiskStep } from "../disk/disk-log.ts";
import { DiskState } from "../disk/disk-state.ts";
import { imageAfter, models, writeImage } from "../disk/power-loss.ts";
import type { Ledger } from "../load/ledger.ts";
import { newFolder, type Outcome, randomOf, spread, type World } from "../part.ts";
import { SideBySide } from "../side-by-side.ts";
import { checkedStart } from "./checked-start.ts";
import { record } from "./recording.ts";

/** Images of one recording. */
const imagesPerRecording = 24;

/**
 * The power fails at any moment: a receiver is started on what the disk may then hold. It has to start by itself,
 * hold every span that it had acknowledged by then exactly once, and go on.
 */
export async function powerLoss(world: World, wanted: number): Promise<Outcome> {
  if ("no" in world.shim) return notRun(world.shim.no);
  const violations: string[] = [];
  const ledgers: Ledger[] = [];
  const readyMs: number[] = [];
  const starts = new SideBySide();
  let repaired = 0;
  let done = 0;
  for (let nth = 0; done < wanted; nth++) {
    const random = randomOf(world.seed, 200 + nth);
    const recording = await record(world, world.shim.library, nth);
    const { ledger, steps } = recording;
    ledgers.push(ledger);
    violations.push(...recording.violations);
    const state = new DiskState();
    const count = Math.min(imagesPerRecording, wanted - done);
    for (const cut of cutsIn(steps, count, random)) {
      while (state.steps < cut) state.apply(steps[state.steps] as DiskStep);
      const model = models[done % models.length] ?? "all";
      const { folder, db } = newFolder(world, `image-${done}`);
      writeImage(imageAfter(state, model, random), folder);
      const at = steps[cut]?.nanos ?? Number.POSITIVE_INFINITY;
      const name = `image ${done} (${model}, recording ${nth}, cut at step ${cut} of ${steps.length})`;
      const goesOn = done % 2 === 0 ? 300 + done : undefined;
      await starts.begin(async () => {
        const expected = { ackedBefore: at, sentBefore: at };
        const start = await checkedStart(world, db, ledger, { expected, goesOn });
        violations.push(...start.violations.map((violation) => `${name}: ${violation}`));
        readyMs.push(...start.readyMs);
        if (start.isLoud) repaired += 1;
        if (start.violations.length === 0) rmSync(folder, { recursive: true });
      });
      done += 1;
      if (done % 10 === 0) world.progress(`${done} of ${wanted} power losses`);
    }
    // A recording is of a receiver that has the machine for itself.
    await starts.over();
  }
  return {
    faults: done,
    ledgers,
    figures: { "told of a repair": repaired, ready: spread(readyMs, "ms") },
    violations,
  };
}

function notRun(reason: string): Outcome {
  return { faults: 0, ledgers: [], figures: {}, violations: [], notRun: reason };
}

/** Steps before which the power fails, ascending: half of them anywhere, half just around those that order things. */
function cutsIn(steps: readonly DiskStep[], count: number, random: Random): readonly number[] {
  const telling = steps.flatMap(({ kind }, nth) =>
    kind === "write" || kind === "close" || kind === "dup" ? [] : [nth],
  );
  const cuts = Array.from({ length: count }, (_, nth) => {
    const anywhere = Math.floor(random.next() * steps.length);
    const step = telling[Math.floor(random.next() * telling.length)] ?? anywhere;
    return nth % 2 === 0 ? anywhere : step + Math.floor(random.next() * 2);
  });
  return cuts.sort((a, b) => a - b);
}
