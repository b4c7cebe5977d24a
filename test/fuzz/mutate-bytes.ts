import type { Random } from "../../packages/cli/src/demo/random.ts";

/** Changes an input; `other` is another input, to take parts from. */
type Mutation = (input: Uint8Array, other: Uint8Array, random: Random) => Uint8Array;

/** Longest input that is made on purpose. */
const mostBytes = 1_000_000;

const flipBit: Mutation = (input, _other, random) =>
  changed(input, random, (byte) => byte ^ (1 << whole(random, 8)));

const setByte: Mutation = (input, _other, random) =>
  changed(input, random, () => random.pick([0, 1, 2, 0x0a, 0x12, 0x7f, 0x80, 0xfe, 0xff]));

const addToByte: Mutation = (input, _other, random) =>
  changed(input, random, (byte) => byte + whole(random, 9) - 4);

const noise: Mutation = (input, _other, random) => {
  const copy = Uint8Array.from(input);
  const from = whole(random, input.byteLength);
  for (let at = from; at < Math.min(input.byteLength, from + 8); at++)
    copy[at] = whole(random, 256);
  return copy;
};

const remove: Mutation = (input, _other, random) => {
  const [from, to] = range(input, random);
  return joined(input.subarray(0, from), input.subarray(to));
};

const insert: Mutation = (input, _other, random) => {
  const at = whole(random, input.byteLength + 1);
  const bytes = Uint8Array.from({ length: 1 + whole(random, 6) }, () => whole(random, 256));
  return joined(input.subarray(0, at), bytes, input.subarray(at));
};

const truncate: Mutation = (input, _other, random) =>
  input.subarray(0, whole(random, input.byteLength + 1));

const repeat: Mutation = (input, _other, random) => {
  const [from, to] = range(input, random);
  const part = input.subarray(from, to);
  // Now and then so often that whatever is not linear shows.
  const most = random.chance(0.002) ? Math.floor(mostBytes / Math.max(1, part.byteLength)) : 4;
  const times = 1 + whole(random, Math.max(1, most));
  const parts = Array<Uint8Array>(times).fill(part);
  // No spread: a call takes some hundred thousand arguments at most.
  return Buffer.concat([input.subarray(0, to), Buffer.concat(parts), input.subarray(to)]);
};

const move: Mutation = (input, _other, random) => {
  const [from, to] = range(input, random);
  const rest = joined(input.subarray(0, from), input.subarray(to));
  const at = whole(random, rest.byteLength + 1);
  return joined(rest.subarray(0, at), input.subarray(from, to), rest.subarray(at));
};

const splice: Mutation = (input, other, random) => {
  const [from, to] = range(other, random);
  const at = whole(random, input.byteLength + 1);
  return joined(input.subarray(0, at), other.subarray(from, to), input.subarray(at));
};

const append: Mutation = (input, other) => joined(input, other);

/** Protobuf: numbers that are too large, too long or not ended. */
const varint: Mutation = (input, _other, random) => {
  const at = whole(random, input.byteLength);
  const bytes = random.pick([
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    [0x80, 0x00],
    [0x80, 0x80, 0x80, 0x80, 0x08],
    [0xff],
  ]);
  return joined(input.subarray(0, at), Uint8Array.from(bytes), input.subarray(at + 1));
};

/** Protobuf: the whole in a field of a message, as deep as that. */
const wrap: Mutation = (input, _other, random) => {
  const depth = random.chance(0.02) ? 1 + whole(random, 2_000) : 1 + whole(random, 4);
  const tag = random.pick([0x0a, 0x12, 0x4a, 0x2a, 0x32, 0x5a, 0x0b]);
  let bytes = input;
  for (let nth = 0; nth < depth && bytes.byteLength < mostBytes; nth++) {
    bytes = joined(Uint8Array.from([tag, ...length(bytes.byteLength)]), bytes);
  }
  return bytes;
};

const mutations: readonly [Mutation, ...Mutation[]] = [
  flipBit,
  flipBit,
  setByte,
  addToByte,
  noise,
  remove,
  insert,
  truncate,
  repeat,
  move,
  splice,
  append,
  varint,
  wrap,
];

/** `input` with one to four changes. */
export function mutateBytes(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = input;
  for (let left = 1 + whole(random, 4); left > 0; left--) {
    bytes = random.pick(mutations)(bytes, other, random);
    if (bytes.byteLength > mostBytes * 2) return bytes.subarray(0, mostBytes * 2);
  }
  return bytes;
}

/** A whole number from 0, below `limit`. */
export function whole(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

function changed(input: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(input);
  const at = whole(random, input.byteLength);
  copy[at] = change(copy[at] ?? 0);
  return copy;
}

/** Mostly a short one: a tag, a length, a name. */
function range(input: Uint8Array, random: Random): [from: number, to: number] {
  const from = whole(random, input.byteLength + 1);
  const most = random.chance(0.2) ? input.byteLength - from : 24;
  return [from, Math.min(input.byteLength, from + whole(random, most + 1))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function length(bytes: number): number[] {
  const encoded: number[] = [];
  let rest = bytes;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) encoded.push((rest % 128) + 128);
  return [...encoded, rest];
}
