/**
 * How a span stands in the payload of a frame, version 1.
 *
 * First the number of bytes of bits, then the bits: one for each field, set where it has a value. Then the values, in the
 * order of their bits, which is that of the lines in `FactsWriter`. Fields may be added at the end: what an older
 * version wrote has none of their bits.
 *
 * - a flag is its bit alone
 * - text that may occur again is its number in the frame's table of texts; 0 where it stands there for the first time,
 *   and then the text itself. A trace's id has a table of its own
 * - a whole number takes as many bytes as it needs; any other is a double, as times are. Money takes 64 bits
 */
export const bitBytes = 9;
/** Bytes of bits that a span may begin with: those of versions to come. */
export const mostBitBytes = 32;
