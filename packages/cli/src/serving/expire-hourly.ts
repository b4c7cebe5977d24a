import type { Retention } from "@spancost/store";
import type { Log } from "../operation/log/log.ts";

/** Work that goes on in the background until it is stopped. */
export interface Expiring {
  /** Begins no other run. One that is under way is broken off by closing the store, and does no harm. */
  stop(): void;
}

const hourly = 3_600_000;

/** Deletes what is older than it may be, now and each hour, and tells what was done and what could not be. */
export function expireHourly(
  retention: Pick<Retention, "run">,
  now: () => number,
  log: Pick<Log, "info" | "warn" | "failure">,
): Expiring {
  let stopped = false;
  const run = async () => {
    try {
      const { days, spans, calls, bytesBefore, bytesAfter, warnings } = await retention.run(now());
      for (const warning of warnings) log.warn("retention.failed", warning);
      if (days.length === 0 && bytesBefore === bytesAfter) return;
      const first = days[0]?.date ?? "";
      const last = days.at(-1)?.date ?? "";
      const message =
        days.length === 0
          ? "the disk has space back that nothing used any more"
          : `deleted ${spans} spans and ${calls} records of ${first} to ${last}`;
      log.info("retention.done", message, {
        spans,
        calls,
        bytes_before: bytesBefore,
        bytes_after: bytesAfter,
      });
    } catch (error) {
      if (!stopped) log.failure("retention.failed", error);
    }
  };
  void run();
  const timer = setInterval(run, hourly);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
