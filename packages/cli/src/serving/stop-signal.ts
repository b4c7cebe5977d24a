import { setTimeout as delay } from "node:timers/promises";
import { exitCodes } from "../exit-codes.ts";

/** A process that is asked to stop. */
export interface StopSignal {
  /** Resolves with the first signal. A second SIGINT ends the process at once. */
  readonly received: Promise<"SIGINT" | "SIGTERM">;
  /** Signals do again what they do by default. */
  forget(): void;
}

/** Milliseconds after a signal at which the process ends, whatever is going on: more than a receiver takes to close. */
const mostStopMs = 5_000;
/** And how long it waits for that to be broken off. */
const breakOffMs = 500;

/** @param breakOff ends what runs outside of JavaScript: the end of a process waits for it, for many seconds perhaps */
export function stopSignal(breakOff: () => Promise<void> = async () => {}): StopSignal {
  let resolve: (signal: "SIGINT" | "SIGTERM") => void = () => {};
  const received = new Promise<"SIGINT" | "SIGTERM">((settle) => {
    resolve = settle;
  });
  const endNow = async (code: number) => {
    await Promise.race([breakOff(), delay(breakOffMs)]).catch(() => undefined);
    process.exit(code);
  };
  // A supervisor kills what does not end within some seconds. All that was acknowledged is on the disk by then.
  const endSoon = (code: number) => setTimeout(() => void endNow(code), mostStopMs).unref();
  let interrupts = 0;
  const onInterrupt = () => {
    interrupts += 1;
    if (interrupts > 1) {
      void endNow(exitCodes.interrupted);
      return;
    }
    endSoon(exitCodes.interrupted);
    resolve("SIGINT");
  };
  const onTerminate = () => {
    endSoon(exitCodes.ok);
    resolve("SIGTERM");
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  return {
    received,
    forget() {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
    },
  };
}
