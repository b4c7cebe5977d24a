import type { Cause } from "./cause.ts";
import { billOf } from "./cost.ts";
import { generate, type Hours } from "./generate.ts";
import { incidentKinds, quietKinds } from "./kinds.ts";
import { Random } from "./random.ts";
import type { Request } from "./traffic.ts";
import { drawWorld, type World } from "./world.ts";

/** A cause with what it really cost. */
export interface Planted {
  readonly cause: Cause;
  /** What the window costs with all causes less what it costs without this one, in pico-dollars. */
  readonly dollars: number;
  /** The same in standard errors of what the requests that it touches cost, as if they had been drawn anew. */
  readonly standardErrors: number;
}

/** A company, weeks of its traffic, and what was planted in its last hours. */
export interface Case {
  readonly kind: string;
  readonly seed: number;
  readonly world: World;
  readonly planted: readonly Planted[];
  /** What the window would have cost without any cause, in pico-dollars. */
  readonly usualBill: number;
  /** When the causes are at work. */
  readonly during: Hours;
  /** The window that is asked about: the causes' own, or some hours more. */
  readonly window: Hours;
  /** Hours since hour 0, at which the data ends. */
  readonly end: number;
}

/** Of fewer calls in the window nobody could tell a cause from chance. */
const fewestCalls = 1_500;

/** Causes that are smaller than this share of the usual bill are drawn again. */
const leastShare = 0.05;

/**
 * And those that are smaller than so many standard errors: of four requests nobody can say whether a cause made them dear
 * or chance.
 */
const leastStandardErrors = 3;

/** And those that make the bill more than this many times as large. */
const largestShare = 6;

/** Of few seeds hardly any case is fit. */
const mostDraws = 2_000;

const kinds = { ...incidentKinds, ...quietKinds };

/**
 * The case of a kind and a seed, always the same one.
 *
 * @param leastErrors of a cause, in standard errors
 */
export function drawCase(kind: string, seed: number, leastErrors = leastStandardErrors): Case {
  const draw = kinds[kind];
  if (!draw) throw new Error(`no kind "${kind}"; there are ${Object.keys(kinds).join(", ")}`);
  const nth = Object.keys(kinds).indexOf(kind);
  for (let turn = 0; turn < mostDraws; turn += 1) {
    const key = new Random(seed, nth, turn, 1);
    const size = sizeOf(key);
    const world = drawWorld(Math.floor(key.next() * 2 ** 31), size.days, size.callsPerDay);
    const to = size.days * 24 - size.after;
    const during = { from: to - size.hours, to };
    const causes = draw({ world, random: key, from: during.from });
    if (!causes) continue;
    const planted = weighed(world, causes, during);
    const { bill: usualBill, calls } = billBetween(world, [], during, during);
    if (calls < fewestCalls) continue;
    const isFit = planted.every(
      ({ dollars, standardErrors }) =>
        dollars >= leastShare * usualBill &&
        dollars <= largestShare * usualBill &&
        standardErrors >= leastErrors,
    );
    if (!isFit && kind in incidentKinds) continue;
    const window = { from: during.from - size.early, to };
    return { kind, seed, world, planted, usualBill, during, window, end: size.days * 24 };
  }
  throw new Error(`${kind} ${seed}: nothing that fits was drawn`);
}

/** A history of eight days to five weeks, of about as many calls whatever its length. */
function sizeOf(random: Random) {
  const days = random.pick([9, 9, 15, 22, 29, 36]);
  const hours = random.pick([3, 4, 6, 8, 12, 24]);
  return {
    days,
    callsPerDay: random.scale(100_000, 180_000) / days,
    hours,
    after: random.pick([0, 0, 3, 11]),
    early: random.pick([0, 0, 0, Math.floor(hours / 4)]),
  };
}

function weighed(world: World, causes: readonly Cause[], during: Hours): Planted[] {
  const requests = causes.map(() => new Map<Request, number>());
  let all = 0;
  generate(world, causes, during, during, (call) => {
    const cost = billOf(call).cost ?? 0;
    all += cost;
    for (const [index, { covers }] of causes.entries()) {
      const costs = requests[index];
      if (covers(call)) costs?.set(call.request, (costs.get(call.request) ?? 0) + cost);
    }
  });
  return causes.map((cause, index) => {
    const without = causes.map((other) => (other === cause ? inert(cause) : other));
    const dollars = all - billBetween(world, without, during, during).bill;
    let squares = 0;
    for (const cost of requests[index]?.values() ?? []) squares += cost ** 2;
    return { cause, dollars, standardErrors: dollars / Math.sqrt(squares) };
  });
}

/** A cause that does nothing, in whose place the others draw the same numbers as with it. */
function inert({ where, mechanisms, covers }: Cause): Cause {
  return { where, mechanisms, covers };
}

function billBetween(world: World, causes: readonly Cause[], during: Hours, hours: Hours) {
  let bill = 0;
  let calls = 0;
  generate(world, causes, during, hours, (call) => {
    bill += billOf(call).cost ?? 0;
    calls += 1;
  });
  return { bill, calls };
}
