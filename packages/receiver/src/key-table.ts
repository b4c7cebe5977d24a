import { NameTable } from "./name-table.ts";

/** Names of attributes by their bytes, and which of them are kept. */
export class KeyTable extends NameTable<string> {
  constructor(keep: (key: string) => boolean) {
    super((name) => (keep(name) ? name : undefined));
  }
}
