import { type Family, gauge } from "../metrics/family.ts";
import { Histogram } from "../metrics/histogram.ts";

/** Milliseconds between two looks. */
const lookMs = 250;
/** Milliseconds that "lately" means, at least; at most twice as many. */
const latelyMs = 10_000;

/** How long the event loop makes timers wait: whatever it does not get to, nobody is answered. */
export class LoopLag {
  readonly #seconds = new Histogram(
    "nodejs_eventloop_lag_seconds",
    "How much later than asked for a timer ran, four times a second.",
    [{}],
  );
  readonly #timer: NodeJS.Timeout;
  #lookedAt = performance.now();
  #most = 0;
  #mostBefore = 0;
  #turnedAt = performance.now();

  /** @param onStall told of each stop of more than a second, in milliseconds */
  constructor(onStall: (millis: number) => void) {
    this.#timer = setInterval(() => {
      const lag = this.#look();
      if (lag > 1_000) onStall(lag);
    }, lookMs);
    this.#timer.unref();
  }

  /** The longest of the last ten to twenty seconds, in milliseconds. */
  get latelyMs(): number {
    return Math.max(this.#most, this.#mostBefore);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  families(): Family[] {
    return [
      this.#seconds.family(),
      gauge(
        "spancost_loop_lag_recent_seconds",
        "The longest such delay of the last ten to twenty seconds; `/livez` fails from 5 on.",
        this.latelyMs / 1000,
      ),
    ];
  }

  #look(): number {
    const now = performance.now();
    const lag = Math.max(0, now - this.#lookedAt - lookMs);
    this.#lookedAt = now;
    this.#seconds.observe(lag, {});
    if (now - this.#turnedAt >= latelyMs) {
      this.#mostBefore = this.#most;
      this.#most = 0;
      this.#turnedAt = now;
    }
    this.#most = Math.max(this.#most, lag);
    return lag;
  }
}
