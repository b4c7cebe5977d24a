import { type Level, levelBelow } from "./level.ts";
import {
  type BeyondCall,
  bits,
  inheritedFacts,
  nodes,
  type Places,
  type Spans,
  type TaggedSpan,
} from "./spans.ts";

/** Levels above a request that are searched for calls: deeper than life. */
const mostLevels = 100;

/**
 * Every span's place in its trace, and who gives it what it inherits: the nearest wins.
 *
 * Takes as long as there are spans, however deep they lie. Spans that are their own ancestors are reached from no
 * root: each stands alone.
 */
export function placesOf(spans: Spans): Places {
  const walk = new Walk(spans);
  for (let span = 0; span < spans.count; span++) if (spans.parent[span] === -1) walk.from(span);
  walk.standAlone();
  return { ...walk.places, beyond: beyondCalls(spans, walk.inCall) };
}

class Walk {
  readonly inCall: Uint8Array;
  readonly places: Omit<Places, "beyond"> & { readonly tagged: TaggedSpan[] };
  readonly #spans: Spans;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  readonly #innerCall: Int32Array;
  readonly #callBelow: Uint8Array;
  /** 1: a span above it stands in for calls. */
  readonly #covered: Uint8Array;
  readonly #reached: Uint8Array;

  constructor(spans: Spans) {
    const { count, parent } = spans;
    const none = () => new Int32Array(count).fill(-1);
    this.#spans = spans;
    this.inCall = new Uint8Array(count);
    this.#innerCall = none();
    this.#covered = new Uint8Array(count);
    this.#reached = new Uint8Array(count);
    this.#callBelow = callsBelow(spans);
    this.#firstChild = none();
    this.#nextSibling = none();
    for (let span = count - 1; span >= 0; span--) {
      const above = at(parent, span);
      if (above === -1) continue;
      this.#nextSibling[span] = at(this.#firstChild, above);
      this.#firstChild[above] = span;
    }
    this.places = {
      depth: new Int32Array(count),
      top: none(),
      run: none(),
      agents: new Int32Array(count),
      outerCall: none(),
      ownOuter: none(),
      repeatsTool: new Uint8Array(count),
      standsIn: new Uint8Array(count),
      givers: inheritedFacts.map(none),
      tagged: [],
    };
  }

  /** A root, and everything below it. With a stack of its own: traces are deeper than that of the language. */
  from(root: number): void {
    const first = this.#enter(root, undefined);
    const stack = first === undefined ? [] : [first];
    for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
      const { child } = level;
      if (child === -1) {
        level.leave?.();
        stack.pop();
        continue;
      }
      level.child = at(this.#nextSibling, child);
      const below = this.#enter(child, level);
      if (below !== undefined) stack.push(below);
    }
  }

  /** Spans that no root leads to. Of those of a trace that repeat usage one stands for all. */
  standAlone(): void {
    let served = -1;
    for (let span = 0; span < this.#spans.count; span++) {
      if (this.#reached[span] === 1) continue;
      this.#enter(span, undefined);
      this.inCall[span] = 0;
      const trace = at(this.#spans.trace, span);
      if (this.places.standsIn[span] === 0) continue;
      if (trace === served) this.places.standsIn[span] = 0;
      served = trace;
    }
  }

  /** @returns what holds for its children, where it has any */
  #enter(span: number, level: Level | undefined): Level | undefined {
    const above = level?.span ?? -1;
    const node = at(this.#spans.node, span);
    const scope = at(this.#spans.scope, span);
    const name = at(this.#spans.name, span);
    const isAgent = node === nodes.agent;
    const sameRun =
      isAgent && name !== -1 && level?.telling?.agent === name && !level.telling.scopes.has(scope);
    this.#reached[span] = 1;
    this.#inherit(span, above);
    this.#placeCalls(span, above, level);
    const { places } = this;
    places.depth[span] = above === -1 ? 0 : at(places.depth, above) + 1;
    places.top[span] = above === -1 ? span : at(places.top, above);
    places.agents[span] =
      (above === -1 ? 0 : at(places.agents, above)) + Number(isAgent && !sameRun);
    places.run[span] =
      node === nodes.run || (isAgent && !sameRun)
        ? span
        : above === -1
          ? -1 - at(this.#spans.sibling, span)
          : at(places.run, above);
    places.repeatsTool[span] = Number(node === nodes.tool && (level?.tools?.has(name) ?? false));
    const child = at(this.#firstChild, span);
    return child === -1
      ? undefined
      : levelBelow({ span, child, node, scope, name, sameRun }, level);
  }

  #inherit(span: number, above: number): void {
    const facts = at(this.#spans.facts, span);
    for (const [index, giver] of this.places.givers.entries()) {
      const given = above === -1 ? -1 : at(giver, above);
      const isOwn = (facts & (bits.inherited << index)) !== 0;
      giver[span] = isOwn ? span : given;
      if (isOwn && given !== -1 && index === tags) this.places.tagged.push({ span, above: given });
    }
  }

  #placeCalls(span: number, above: number, level: Level | undefined): void {
    const { places } = this;
    const node = at(this.#spans.node, span);
    const outer = above === -1 ? -1 : at(this.#innerCall, above);
    const isOfItsOwn = node === nodes.tool || node === nodes.agent;
    places.outerCall[span] = outer;
    places.ownOuter[span] = level?.calls?.get(at(this.#spans.scope, span)) ?? -1;
    this.#innerCall[span] = node === nodes.call ? span : isOfItsOwn ? -1 : outer;
    this.inCall[span] = Number(node === nodes.call || (above !== -1 && this.inCall[above] === 1));
    // Inside a call that tells its usage there is nothing to stand in for; but what a tool or another agent uses is
    // its own.
    const childless =
      node !== nodes.call &&
      this.#hasUsage(span) &&
      this.#callBelow[span] === 0 &&
      (outer === -1 || isOfItsOwn || !this.#hasUsage(outer));
    const covered = above !== -1 && this.#covered[above] === 1;
    places.standsIn[span] = Number(childless && !covered);
    this.#covered[span] = Number(childless || covered);
  }

  #hasUsage(span: number): boolean {
    return (at(this.#spans.facts, span) & bits.hasUsage) !== 0;
  }
}

const tags = inheritedFacts.indexOf("tags");

/** Spans that are above some call. One that failed and used nothing is none: it has not used what a sum tells of. */
function callsBelow({ count, parent, node, facts }: Spans): Uint8Array {
  const found = new Uint8Array(count);
  for (let span = 0; span < count; span++) {
    const told = at(facts, span) & (bits.failed | bits.hasUsage);
    if (node[span] !== nodes.call || told === bits.failed) continue;
    let above = at(parent, span);
    while (above !== -1 && found[above] === 0) {
      found[above] = 1;
      above = at(parent, above);
    }
  }
  return found;
}

function beyondCalls({ count, parent, node, facts }: Spans, inCall: Uint8Array): BeyondCall[] {
  const found: BeyondCall[] = [];
  for (let span = 0; span < count; span++) {
    if (inCall[span] === 0 || (at(facts, span) & bits.modelRequest) === 0) continue;
    let beyond = false;
    let above = at(parent, span);
    for (let level = 0; level < mostLevels && above !== -1; level++) {
      if (beyond && node[above] === nodes.call) found.push({ span, call: above });
      beyond ||= node[above] === nodes.tool || node[above] === nodes.agent;
      above = at(parent, above);
    }
  }
  return found;
}

/** The number at a place that there is. */
function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number;
}
