/** Kinds of spans, as far as a span's place depends on them. */
export const nodes = { other: 0, call: 1, agent: 2, run: 3, tool: 4 } as const;

/** What a span says by itself: bits of `facts`. From `inherited` on there is one for each of the 8 `inheritedFacts`. */
export const bits = { hasUsage: 1, modelRequest: 2, inherited: 4, failed: 1024 } as const;

/** What the nearest span that says it gives to all below it. */
export const inheritedFacts = [
  "feature",
  "team",
  "user",
  "conversation",
  "agent",
  "prompt_name",
  "prompt_version",
  "tags",
] as const;

/** The spans of some traces, in numbers from 0; -1 is none. A trace's spans are numbered one after the other. */
export interface Spans {
  readonly count: number;
  readonly trace: Int32Array;
  readonly parent: Int32Array;
  /** Of spans whose parent never arrived the first with that parent; of others the span itself. */
  readonly sibling: Int32Array;
  readonly node: Int32Array;
  readonly scope: Int32Array;
  /** Which agent or tool it is. */
  readonly name: Int32Array;
  readonly facts: Int32Array;
}

/** Where spans are in their trees. */
export interface Places {
  readonly depth: Int32Array;
  /** The root above the span. */
  readonly top: Int32Array;
  /** The run that it is a step of; where none is shown -1 - n, n the root or the first of its siblings. */
  readonly run: Int32Array;
  /** Agent runs around it, itself included. */
  readonly agents: Int32Array;
  /** The nearest call around it of which it may tell again. */
  readonly outerCall: Int32Array;
  /** The nearest such call of its own scope. */
  readonly ownOuter: Int32Array;
  /** 1: it tells of the use of a tool that a span around it tells of too. */
  readonly repeatsTool: Uint8Array;
  /** 1: it repeats usage and nothing below it is a call that used any; the topmost of such. */
  readonly standsIn: Uint8Array;
  /** For each of `inheritedFacts` the span that gives it. */
  readonly givers: readonly Int32Array[];
  /** Spans with tags below others with tags, those above first. */
  readonly tagged: readonly TaggedSpan[];
  /** Requests to models, with calls around them of which they are no attempt: a tool or an agent is in between. */
  readonly beyond: readonly BeyondCall[];
}

export interface TaggedSpan {
  readonly span: number;
  readonly above: number;
}

export interface BeyondCall {
  readonly span: number;
  readonly call: number;
}
