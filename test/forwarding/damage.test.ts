import { DecodeError } from "@spancost/receiver";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ContentMode } from "../../packages/receiver/src/forwarding/splice-spans.ts";
import { captures, factsOf, readCapture, splice } from "./captured.ts";

const bodies = captures
  .filter((_, index) => index % 8 === 0)
  .map((capture) => readCapture(capture));

test.each<ContentMode>(["keep", "strip"])(
  "damaged bytes are spliced or refused, and what is spliced can be again: %s",
  (content) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat()),
        (body, changes, cut) => {
          const damaged = Buffer.from(body);
          for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
          const bytes = cut === null ? damaged : damaged.subarray(0, cut % damaged.length);
          const facts = factsOf(body);
          const once = attempt(() => splice(bytes, content, facts));
          if (once === undefined) return;
          expect(attempt(() => splice(once, content, facts))?.byteLength).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 1_500 },
    );
  },
  60_000,
);

function attempt(make: () => Buffer): Buffer | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
