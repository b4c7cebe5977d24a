import type { Behind } from "@spancost/store";
import { instantAt } from "../flags/time.ts";
import { numberText } from "../render/cells.ts";

const end =
  "are not in these figures yet: more comes than can be worked out, or the disk is full. Nothing is lost; ask again later.";

/** True for a sentence of `behindWarnings`: no value of an attribute stands in it. */
export function isBehindWarning(text: string): boolean {
  return text.endsWith(end) && /^[\w\s,:]*$/.test(text.slice(0, -end.length));
}

/** Says of an answer what was acknowledged and is not in it. */
export function behindWarnings(behind: Behind | undefined): readonly string[] {
  if (behind === undefined) return [];
  const { spans, since } = behind;
  const which =
    since === undefined
      ? "Some of the spans that were acknowledged before the receiver was started anew, and since,"
      : `${spans === undefined || spans < 1 ? "Some spans" : `${numberText(spans)} spans`} acknowledged since ${instantAt(since).slice(11, 19)} UTC`;
  return [`${which} ${end}`];
}
