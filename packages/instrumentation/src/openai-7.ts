/**
 * A range of versions of `openai`, with 7 where it ends before: OpenTelemetry's instrumentation stops there, and reads 7 as well,
 * for the methods that it wraps and the answers are the same. Tried with 7.57.
 */
export function withOpenAi7(range: string): string {
  return range.replace(/^(>=4[\d.]*) <7$/, "$1 <8");
}
