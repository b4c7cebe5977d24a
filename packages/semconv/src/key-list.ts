/**
 * Names of attributes, of which the first that is there counts.
 *
 * Most names that are asked for are not there. A source that is read straight from bytes tells that by a name's number in
 * a nanosecond or two, where a look-up by name takes ten times as long: a span is asked for more than 100 of them.
 */
export interface KeyList extends ReadonlyArray<string> {
  readonly numbers: readonly number[];
}

const numbers = new Map<string, number>();
const names: string[] = [];

/** A list of `keys`. Made once, where a module is loaded: every new name takes a number for good. */
export function keyList(...keys: readonly string[]): KeyList {
  return Object.assign([...keys], { numbers: keys.map(numberFor) });
}

function numberFor(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  return names.push(name) - 1;
}

/** The number of attribute `name`, from 0; `undefined` for a name that is in no list. */
export function numberOfKey(name: string): number | undefined {
  return numbers.get(name);
}

/** The names that have a number, each at its number. */
export function numberedKeys(): readonly string[] {
  return names;
}
