import { type TokenCount, tokenCount, type Usage } from "@spancost/semconv";

/** Counts that cannot be true: a part that is more than its whole, or what is no count at all. */
export function contradicts(usage: Usage): boolean {
  const { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning } = usage;
  return (
    !areCountsOrUnknown(usage) ||
    (input !== undefined && (cacheRead ?? 0) + (cacheWrite ?? cacheWrite1h ?? 0) > input) ||
    (cacheWrite !== undefined && (cacheWrite1h ?? 0) > cacheWrite) ||
    (output !== undefined && (reasoning ?? 0) > output) ||
    soundAndPicturesContradict(usage)
  );
}

function areCountsOrUnknown(usage: Usage): boolean {
  return (
    isCountOrUnknown(usage.input) &&
    isCountOrUnknown(usage.cacheRead) &&
    isCountOrUnknown(usage.cacheWrite) &&
    isCountOrUnknown(usage.cacheWrite1h) &&
    isCountOrUnknown(usage.output) &&
    isCountOrUnknown(usage.reasoning) &&
    isCountOrUnknown(usage.inputAudio) &&
    isCountOrUnknown(usage.inputImage) &&
    isCountOrUnknown(usage.cacheReadAudio) &&
    isCountOrUnknown(usage.outputAudio) &&
    isCountOrUnknown(usage.outputImage) &&
    isCountOrUnknown(usage.webSearches)
  );
}

function isCountOrUnknown(count: TokenCount | undefined): boolean {
  return count === undefined || tokenCount(count) !== undefined;
}

/** Whether sound and pictures are more than what they are part of. They may be cached themselves. */
function soundAndPicturesContradict(usage: Usage): boolean {
  const { input, cacheRead, inputAudio, inputImage, cacheReadAudio } = usage;
  const { output, outputAudio, outputImage } = usage;
  return (
    (input !== undefined && (inputAudio ?? 0) + (inputImage ?? 0) > input) ||
    (cacheReadAudio !== undefined &&
      (cacheReadAudio > (cacheRead ?? cacheReadAudio) ||
        cacheReadAudio > (inputAudio ?? cacheReadAudio))) ||
    (output !== undefined && (outputAudio ?? 0) + (outputImage ?? 0) > output)
  );
}
