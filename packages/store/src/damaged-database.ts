/** A database whose file is damaged, with nothing beside it from which it could be made anew. */
export class DamagedDatabaseError extends Error {
  override readonly name = "DamagedDatabaseError";

  constructor(file: string, { message }: Error) {
    super(
      `${file} is damaged, and has no journal and no snapshot to be made anew from (${message}). ` +
        "Put a copy of before in its place, or name another file with --db",
    );
  }
}
