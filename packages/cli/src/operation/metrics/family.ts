/** Label names and values of one sample. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a family. */
export interface Sample {
  readonly labels: Labels;
  /** A text holds the digits of an exact decimal, which is written as it is. */
  readonly value: number | string;
  /** Of a histogram: which of its numbers. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
}

/** All numbers of one name: what Prometheus calls a metric family. */
export interface Family {
  readonly name: string;
  /** A sentence for people, with the unit where the name does not say it. */
  readonly help: string;
  /** A counter only grows while the process lives; a gauge may do anything. */
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** A gauge that was just read; without a value where it is not known, which is not 0. */
export function gauge(
  name: string,
  help: string,
  value: number | undefined | readonly Sample[],
): Family {
  return { name, help, type: "gauge", samples: samplesOf(value) };
}

/** A counter that somebody else keeps. */
export function counter(
  name: string,
  help: string,
  value: number | undefined | readonly Sample[],
): Family {
  return { name, help, type: "counter", samples: samplesOf(value) };
}

function samplesOf(value: number | undefined | readonly Sample[]): readonly Sample[] {
  if (value === undefined) return [];
  return typeof value === "number" ? [{ labels: {}, value }] : value;
}
