import { exitCodes } from "../exit-codes.ts";

/** A process that is asked to stop. */
export interface StopSignal {
  /** Resolves with the first signal. A second SIGINT ends the process at once. */
  readonly received: Promise<"SIGINT" | "SIGTERM">;
  /** Signals do again what they do by default. */
  forget(): void;
}

export function stopSignal(): StopSignal {
  let resolve: (signal: "SIGINT" | "SIGTERM") => void = () => {};
  const received = new Promise<"SIGINT" | "SIGTERM">((settle) => {
    resolve = settle;
  });
  let interrupts = 0;
  const onInterrupt = () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(exitCodes.interrupted);
    resolve("SIGINT");
  };
  const onTerminate = () => resolve("SIGTERM");
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
