import type { Segment } from "../dimensions.ts";
import type { Reader } from "../reading/reader.ts";

/** A reader that can be narrowed: its queries then read the calls of a segment only. */
export interface SegmentReader extends Reader {
  of(segment: Segment): Reader;
}
