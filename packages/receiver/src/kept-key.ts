import { numberedKeys, numberOfKey } from "@spancost/semconv";
import { NameTable } from "./name-table.ts";

/** The name of an attribute that is kept. */
export interface KeptKey {
  readonly name: string;
  /** Its number in semconv; -1 for a name without one. */
  readonly number: number;
}

/** The names of attributes that `keep` says are kept. */
export function keptKeys(keep: (name: string) => boolean): NameTable<KeptKey> {
  // A number that is given later is none here: `WireAttributes` has room for those of now.
  const count = numberedKeys().length;
  const numberOf = (name: string) => {
    const number = numberOfKey(name) ?? -1;
    return number < count ? number : -1;
  };
  return new NameTable((name) => (keep(name) ? { name, number: numberOf(name) } : undefined));
}
