import type { Ledger } from "../load/ledger.ts";
import { Exporter } from "../load/sending.ts";
import { type Difference, differenceOf, type Expected, violationsOf } from "../oracle.ts";
import { sendersOf, type World } from "../part.ts";
import { ReceiverProcess } from "../receiver-process.ts";

/** What is asked of a start. */
export interface StartCheck {
  readonly expected?: Expected;
  /** Acknowledged spans may be lost: both places that held them were damaged. */
  readonly mayLose?: boolean;
  /** It is sent more, killed, and has to hold all of that too: the number of a ledger for it. */
  readonly goesOn?: number | undefined;
}

/** How a start went. */
export interface StartReport {
  readonly violations: readonly string[];
  readonly readyMs: readonly number[];
  /** It said on stderr that it found damage, or built something anew. */
  readonly isLoud: boolean;
  /** It said that something is lost, and not only that something is made anew. */
  readonly tellsOfLoss: boolean;
  readonly difference: Difference | undefined;
}

const loss = /lost|damag|gone|cannot be read/i;
const loud = /rebuil|built anew|damag|corrupt|aside|torn/i;

/** Starts a receiver on what a fault left, unattended, and holds what it answers against the ledger. */
export async function checkedStart(
  world: World,
  db: string,
  ledger: Ledger,
  { expected = {}, mayLose = false, goesOn }: StartCheck = {},
): Promise<StartReport> {
  const violations: string[] = [];
  const readyMs: number[] = [];
  let difference: Difference | undefined;
  let told = "";
  let receiver: ReceiverProcess | undefined;
  const check = async (running: ReceiverProcess) => {
    const ask = (sql: string) => running.ask(sql);
    if (!mayLose) return void violations.push(...(await violationsOf(ask, ledger, expected)));
    difference = await differenceOf(ask, ledger, expected);
    violations.push(...difference.wrong);
  };
  try {
    receiver = await ReceiverProcess.start(db);
    readyMs.push(receiver.readyMs);
    await check(receiver);
    if (goesOn !== undefined && violations.length === 0) {
      const more = await sendMore(world, receiver, ledger, goesOn, expected);
      await receiver.kill();
      told += receiver.stderr;
      receiver = await ReceiverProcess.start(db);
      readyMs.push(receiver.readyMs);
      await check(receiver);
      const running = receiver;
      violations.push(...(await violationsOf((sql) => running.ask(sql), more)));
    }
  } catch (error) {
    violations.push(error instanceof Error ? error.message : String(error));
  }
  told += receiver?.stderr ?? "";
  await receiver?.kill();
  return {
    violations,
    readyMs,
    isLoud: loud.test(told),
    // That the database is gone is said as well.
    tellsOfLoss: loss.test(told.replaceAll(/.*cannot be used.*/g, "")),
    difference,
  };
}

/** Spans of another ledger, and some again that were sent before the fault. */
async function sendMore(
  world: World,
  receiver: ReceiverProcess,
  ledger: Ledger,
  nth: number,
  { sentBefore = Number.POSITIVE_INFINITY }: Expected,
): Promise<Ledger> {
  const again = Array.from({ length: Math.min(200, ledger.sent) }, (_, i) => ledger.sent - i);
  const exporter = new Exporter();
  await exporter.send(
    receiver.target,
    ledger.calls.request(again.filter((number) => ledger.wasSentBefore(number, sentBefore))),
    { format: "protobuf", gzip: true },
  );
  exporter.close();
  const { ledger: more, load } = sendersOf(world, nth, { senders: 2, pauseMs: 5 });
  load.target = receiver.target;
  load.resume();
  while (more.sent < 500) await new Promise((resolve) => setTimeout(resolve, 20));
  await load.drain();
  await load.stop();
  return more;
}
