export type { Cell, Envelope, Row, Window } from "./envelope/envelope.ts";
export { ExactNumber } from "./envelope/exact-number.ts";
export type { ExitCode } from "./exit-codes.ts";
export { exitCodes } from "./exit-codes.ts";
export type { Io, Out } from "./ports.ts";
export { run } from "./run.ts";
