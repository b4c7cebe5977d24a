import type { Usage } from "@spancost/semconv";
import { contradicts } from "./contradicts.ts";
import { halfEvenQuotient } from "./decimal.ts";
import { Meter } from "./meter.ts";
import { addUsd, fitsRecord, type PicoUsd, picoUsd, zeroUsd } from "./money.ts";
import type { GpuHour, PriceCard } from "./price-card.ts";
import { Layer, type Layers } from "./price-layers.ts";
import { usdFromFemto } from "./rates.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** What a call cost, in parts. `undefined` is unknown; `total` is the exact sum of the known parts. */
export interface CostParts {
  /** Input that was neither read from nor written to a cache. */
  readonly input: PicoUsd | undefined;
  readonly cacheRead: PicoUsd | undefined;
  readonly cacheWrite: PicoUsd | undefined;
  /** Reasoning included. */
  readonly output: PicoUsd | undefined;
  /** What is charged for the call itself, for searches that the usage tells, and for a machine's time; 0 for none. */
  readonly other: PicoUsd | undefined;
  readonly total: PicoUsd;
}

/** A cost, and the layers of prices that went into it. */
export interface Metered {
  readonly cost: CostParts;
  readonly layers: Layers;
}

/**
 * What `usage` costs by `card`, in integers throughout.
 *
 * - The uncached input is what cache reads and writes leave of the input; an unknown split leaves all of it.
 *   Sound and pictures are priced by themselves where they are told, and are taken for text where they are not;
 *   where they are, it has to be told too how much of them came from the cache.
 * - A part whose tokens are unknown is unknown. Without input and output there is no cost ("no_usage"), nor where
 *   one of them is unknown and what is known costs nothing: the 0 would pass for the whole. A contract may say
 *   that tokens are free, and then they need not be known.
 * - Each part is rounded by itself, half-even to 12 decimals; it is exact for rates of up to 6 decimals.
 * - Tokens that have no rate at all make the whole call unpriced ("no_rate:output"), never 0; so does output
 *   whose kinds have different rates, and whose split is not told.
 * - A tier's rate holds for all tokens of a call with more input than the tier starts from.
 *
 * @param durationMicros how long the call took: what a share of a GPU's hour depends on
 */
export function costOf(usage: Usage, card: PriceCard, durationMicros?: number): Metered | Unpriced {
  const { input, output } = usage;
  if (input === undefined && output === undefined && !card.tokensAreFree) {
    return unpriced("no_usage");
  }
  if (contradicts(usage)) return unpriced("contradictory_usage");
  const share = card.gpuHour === undefined ? noShare : gpuShare(card.gpuHour, durationMicros);
  if (share === undefined) return unpriced("no_duration");
  const meter = new Meter(card, input);
  const cost = sumOf(
    inputFemto(meter, usage, card),
    cacheReadFemto(meter, usage, card),
    cacheWriteFemto(meter, usage),
    outputFemto(meter, usage, card),
    otherUsd(meter, usage, card, share),
  );
  if (meter.missing !== undefined) return unpriced(`no_rate:${meter.missing}`);
  if (!fitsRecord(cost.total)) return unpriced("out_of_range");
  const isPartial = input === undefined || output === undefined;
  if (isPartial && cost.total === zeroUsd && !card.free && !card.tokensAreFree) {
    return unpriced("no_usage");
  }
  return { cost, layers: share === noShare ? meter.layers : meter.layers | Layer.contract };
}

function inputFemto(meter: Meter, usage: Usage, card: PriceCard): bigint | undefined {
  const { input, cacheRead = 0, cacheWrite, cacheWrite1h, cacheReadAudio } = usage;
  if (input === undefined) return undefined;
  const audio = hasSoundRate(card) ? (usage.inputAudio ?? 0) : 0;
  const image = card.cells.input_image === undefined ? 0 : (usage.inputImage ?? 0);
  const uncached = input - cacheRead - (cacheWrite ?? cacheWrite1h ?? 0);
  if (audio === 0 && image === 0) return meter.femto(uncached, "input");
  // How much of the sound and the pictures came from the cache has to be told where anything did.
  const isSplit =
    (audio === 0 || cacheRead === 0 || cacheReadAudio !== undefined) &&
    (image === 0 || cacheRead === (cacheReadAudio ?? 0));
  const freshAudio = audio === 0 ? 0 : audio - (cacheReadAudio ?? 0);
  const text = uncached - freshAudio - image;
  if ((!isSplit || text < 0) && !card.free) return meter.lacks("input_modality");
  return (
    meter.femto(text, "input") +
    meter.femto(freshAudio, "input_audio") +
    meter.femto(image, "input_image")
  );
}

function hasSoundRate({ cells }: PriceCard): boolean {
  return cells.input_audio !== undefined || cells.cache_read_audio !== undefined;
}

function cacheReadFemto(meter: Meter, usage: Usage, card: PriceCard): bigint | undefined {
  const { cacheRead, cacheReadAudio = 0 } = usage;
  if (cacheRead === undefined) return undefined;
  if (cacheReadAudio === 0 || !hasSoundRate(card)) return meter.femto(cacheRead, "cache_read");
  return (
    meter.femto(cacheRead - cacheReadAudio, "cache_read") +
    meter.femto(cacheReadAudio, "cache_read_audio")
  );
}

function cacheWriteFemto(meter: Meter, usage: Usage): bigint | undefined {
  const { cacheWrite, cacheWrite1h } = usage;
  const write = cacheWrite ?? cacheWrite1h;
  if (write === undefined) return undefined;
  const hour = cacheWrite1h ?? 0;
  if (hour === 0) return meter.femto(write, "cache_write");
  return meter.femto(write - hour, "cache_write") + meter.femto(hour, "cache_write_1h");
}

function outputFemto(meter: Meter, usage: Usage, card: PriceCard): bigint | undefined {
  const { output, reasoning = 0, outputAudio, outputImage } = usage;
  if (output === undefined) return undefined;
  const kinds = card.outputByModality;
  if (kinds === undefined || output === 0) {
    return meter.femto(output - reasoning, "output") + meter.femto(reasoning, "reasoning");
  }
  const isSplit =
    !kinds.other &&
    (!kinds.audio || outputAudio !== undefined) &&
    (!kinds.image || outputImage !== undefined);
  const audio = kinds.audio ? (outputAudio ?? 0) : 0;
  const image = kinds.image ? (outputImage ?? 0) : 0;
  const text = output - audio - image - reasoning;
  if ((!isSplit || text < 0) && !card.free) return meter.lacks("output_modality");
  return (
    meter.femto(text, "output") +
    meter.femto(reasoning, "reasoning") +
    meter.femto(audio, "output_audio") +
    meter.femto(image, "output_image")
  );
}

/** An amount as a fraction, in 10^-12 USD. */
interface Fraction {
  readonly of: bigint;
  readonly in: bigint;
}

const noShare: Fraction = { of: 0n, in: 1n };

const hourMicros = 3_600_000_000n;

/** What a call's share of a machine's time costs; `undefined` where nobody knows how long it took. */
function gpuShare(hour: GpuHour, durationMicros: number | undefined): Fraction | undefined {
  if (durationMicros === undefined || !Number.isSafeInteger(durationMicros)) return undefined;
  // No call takes no time: its clock was set back.
  if (durationMicros <= 0) return undefined;
  return {
    of: BigInt(durationMicros) * hour.picoUsd * 1_000_000n,
    in: hourMicros * hour.microCalls,
  };
}

function otherUsd(meter: Meter, usage: Usage, card: PriceCard, share: Fraction): PicoUsd {
  const call = card.cells.request === undefined ? 0n : meter.femto(1, "request");
  const searches =
    usage.webSearches === undefined ? 0n : meter.femto(usage.webSearches, "web_search");
  const femto = call + searches;
  if (share === noShare) return femto === 0n ? zeroUsd : usdFromFemto(femto);
  return picoUsd(halfEvenQuotient(femto * share.in + share.of * 1000n, share.in * 1000n));
}

function sumOf(
  inputFemto: bigint | undefined,
  cacheReadFemto: bigint | undefined,
  cacheWriteFemto: bigint | undefined,
  outputFemto: bigint | undefined,
  other: PicoUsd,
): CostParts {
  const input = rounded(inputFemto);
  const cacheRead = rounded(cacheReadFemto);
  const cacheWrite = rounded(cacheWriteFemto);
  const output = rounded(outputFemto);
  let total = other;
  if (input !== undefined) total = addUsd(total, input);
  if (cacheRead !== undefined) total = addUsd(total, cacheRead);
  if (cacheWrite !== undefined) total = addUsd(total, cacheWrite);
  if (output !== undefined) total = addUsd(total, output);
  return { input, cacheRead, cacheWrite, output, other, total };
}

function rounded(femto: bigint | undefined): PicoUsd | undefined {
  return femto === undefined ? undefined : usdFromFemto(femto);
}
