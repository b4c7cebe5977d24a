import { parseArgs } from "node:util";
import type { Part } from "./part.ts";
import { damagedDatabase } from "./parts/damaged-database.ts";
import { damagedJournal } from "./parts/damaged-journal.ts";
import { failingDisk } from "./parts/failing-disk.ts";
import { fullDisks } from "./parts/full-disk.ts";
import { kills } from "./parts/kills.ts";
import { powerLoss } from "./parts/power-loss.ts";
import { secondProcess } from "./parts/second-process.ts";

/** Flags of `npm run faults`: a seed, and how many faults of each kind. */
export const flags = {
  seed: "1",
  kills: "200",
  images: "120",
  "full-disks": "20",
  damages: "50",
  "journal-damages": "30",
  "failing-disks": "28",
  "second-processes": "8",
} as const;

/** The same in about two minutes: for CI. */
export const quick: Readonly<Record<keyof typeof flags, string>> = {
  ...flags,
  kills: "12",
  images: "8",
  "full-disks": "3",
  damages: "6",
  "journal-damages": "3",
  "failing-disks": "4",
  "second-processes": "2",
};

type Counts = Readonly<Record<keyof typeof flags, string>>;

/** What is to be done. */
export interface Plan {
  readonly seed: number;
  readonly parts: readonly Part[];
}

/** @throws Error that says which flag is wrong */
export function planOf(args: readonly string[]): Plan {
  const names = Object.keys(flags) as (keyof typeof flags)[];
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean" },
      ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    },
  });
  const { quick: isQuick, ...given } = values as { quick?: boolean } & Partial<Counts>;
  const counts = { ...(isQuick ? quick : flags), ...given };
  for (const name of names) {
    if (!/^\d{1,9}$/.test(counts[name])) {
      throw new Error(`--${name} takes a whole number, not "${counts[name]}"`);
    }
  }
  return planFor(counts);
}

export function planFor(counts: Counts): Plan {
  const part = (name: string, flag: keyof typeof flags, run: Part["run"]): Part => ({
    name,
    flag,
    wanted: Number(counts[flag]),
    run,
  });
  const parts = [
    part("kills", "kills", kills),
    part("power losses", "images", powerLoss),
    part("full disks", "full-disks", fullDisks),
    part("failing disks", "failing-disks", failingDisk),
    part("damaged databases", "damages", damagedDatabase),
    part("damaged journals", "journal-damages", damagedJournal),
    part("second processes", "second-processes", secondProcess),
  ];
  return { seed: Number(counts.seed), parts: parts.filter(({ wanted }) => wanted > 0) };
}

/** The command that does one part again, as it was. */
export function commandOf(seed: number, { flag, wanted }: Part): string {
  const others = Object.keys(flags).filter((name) => name !== "seed" && name !== flag);
  const none = others.map((name) => `--${name} 0`).join(" ");
  return `npm run faults -- --seed ${seed} --${flag} ${wanted} ${none}`;
}
