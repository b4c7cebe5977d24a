/** Someone else has the file open: another process, or another part of this one. */
export class StoreInUseError extends Error {
  override readonly name = "StoreInUseError";
  readonly file: string;

  constructor(file: string) {
    super(`${file} is in use`);
    this.file = file;
  }
}
