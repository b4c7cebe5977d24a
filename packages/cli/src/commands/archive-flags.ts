import { UsageError } from "../errors.ts";

/** What `serve` keeps and for how long, as it was typed. */
export interface KeepFlags {
  readonly keep?: string;
  readonly keepSpans?: string;
  readonly maxSize?: string;
}

/** The same, checked; `undefined` sets no limit. Times are in milliseconds. */
export interface KeepPolicy {
  readonly keepMillis: number | undefined;
  readonly keepSpansMillis: number | undefined;
  readonly maxBytes: number | undefined;
}

/** @throws UsageError */
export function keepPolicyOf({ keep, keepSpans, maxSize }: KeepFlags): KeepPolicy {
  const keepMillis = keep === undefined ? undefined : parseAge("keep", keep);
  const keepSpansMillis = keepSpans === undefined ? undefined : parseAge("keep-spans", keepSpans);
  if (keepMillis !== undefined && keepSpansMillis !== undefined && keepSpansMillis > keepMillis) {
    throw new UsageError(
      `--keep-spans ${keepSpans} is longer than --keep ${keep}: spans are kept as long as the cost records made of ` +
        "them, or shorter.",
    );
  }
  const maxBytes = maxSize === undefined ? undefined : parseBytes("max-size", maxSize);
  return { keepMillis, keepSpansMillis, maxBytes };
}

const hour = 3_600_000;
const ages: Readonly<Record<string, number>> = { h: hour, d: 24 * hour, w: 7 * 24 * hour };

/**
 * An age such as `12h`, `90d` or `2w`, in milliseconds.
 *
 * @throws UsageError for anything else, and for none at all
 */
export function parseAge(flag: string, text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})(h|d|w)$/.exec(text.trim()) ?? [];
  const millis = Number(count) * (ages[unit] ?? 0);
  if (millis > 0) return millis;
  throw new UsageError(`--${flag} takes an age such as 12h, 90d or 2w, not "${text}".`);
}

const sizes: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An empty database takes 3 MB, and gets its space in pieces of a quarter of one. */
const leastBytes = 50e6;

/**
 * A size such as `500MB`, `20GB` or `1.5TiB`, in bytes.
 *
 * @throws UsageError for anything else, and for what no database fits into
 */
export function parseBytes(flag: string, text: string): number {
  const [, count = "", unit = ""] =
    /^(\d{1,6}(?:\.\d{1,3})?) ?([MGT]i?B)$/i.exec(text.trim()) ?? [];
  const name = Object.keys(sizes).find((each) => each.toLowerCase() === unit.toLowerCase());
  if (name === undefined) {
    throw new UsageError(`--${flag} takes a size such as 500MB or 20GB, not "${text}".`);
  }
  const bytes = Math.round(Number(count) * (sizes[name] ?? 0));
  if (bytes >= leastBytes) return bytes;
  throw new UsageError(`--${flag} takes at least 50MB, not "${text}".`);
}
