import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Ledger } from "../load/ledger.ts";
import { newFolder, sendersOf, type World } from "../part.ts";
import { ReceiverProcess } from "../receiver-process.ts";

/** A database in good order, all of it acknowledged and worked in, and nobody who has it open. */
export interface Prepared {
  readonly folder: string;
  readonly ledger: Ledger;
  /** A copy of the whole folder; gives the database in it. */
  copy(name: string): { readonly folder: string; readonly db: string };
}

/** How the receiver that made it ended. After a kill the write-ahead log is there. */
export type Ending = "kill" | "stop";

export async function prepared(
  world: World,
  nth: number,
  ending: Ending,
  spans: number,
): Promise<Prepared> {
  const { ledger, load } = sendersOf(world, nth, { pauseMs: 4 });
  const { folder, db } = newFolder(world, `prepared-${nth}`);
  for (const share of [0.6, 1]) {
    const receiver = await ReceiverProcess.start(db);
    load.target = receiver.target;
    load.resume();
    while (ledger.acked < spans * share) await new Promise((resolve) => setTimeout(resolve, 20));
    await load.drain();
    await receiver.ask("select count(*) from cost_records");
    load.target = undefined;
    await (share < 1 || ending === "stop" ? receiver.stop() : receiver.kill());
  }
  await load.stop();
  return {
    folder,
    ledger,
    copy(name) {
      const { folder: target, db: copied } = newFolder(world, name);
      cpSync(folder, target, { recursive: true });
      return { folder: target, db: join(target, copied.slice(target.length + 1)) };
    },
  };
}
