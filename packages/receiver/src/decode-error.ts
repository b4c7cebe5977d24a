/** A body that is not the OTLP it claims to be. Answered with 400 and this message. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** Where in the body reading stopped, in bytes from its start. `undefined` for JSON, which is read as a whole. */
  readonly offset: number | undefined;

  constructor(problem: string, offset?: number) {
    super(offset === undefined ? problem : `${problem} at byte ${offset}`);
    this.offset = offset;
  }
}
