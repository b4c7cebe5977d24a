/** A step of a bridge: a whole amount, or a change on the way from one to the next. */
export interface BridgeStep {
  readonly label: string;
  readonly kind: "total" | "change";
  /** Dollars; of a change with its sign. For the picture only. */
  readonly amount: number;
  /** The amount as it is written beside the bar. */
  readonly text: string;
}

/** An hour, or a few, of spend. */
export interface TimelinePoint {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly dollars: number;
  /** Where the same hours lay on comparable days: lowest, middle, highest. `undefined` where there are none. */
  readonly usual:
    | { readonly low: number; readonly middle: number; readonly high: number }
    | undefined;
}

/** Something that happened at an instant, such as the first call of a release. */
export interface Marker {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
}

/** What calls at one place in the agent run cost. */
export interface LoopPoint {
  /** "1", "2", …, "33–48". */
  readonly label: string;
  /** Dollars per request, now and before; `undefined` where no run got so far. */
  readonly now: number | undefined;
  readonly before: number | undefined;
}

/** A picture as data. What it says in one sentence is read out where it cannot be seen. */
export type Chart = { readonly sentence: string } & (
  | { readonly kind: "bridge"; readonly steps: readonly BridgeStep[] }
  | {
      readonly kind: "timeline";
      readonly points: readonly TimelinePoint[];
      /** What is explained, in milliseconds since 1970. */
      readonly window: { readonly since: number; readonly until: number };
      readonly markers: readonly Marker[];
      /** What the legend calls the window and what is around it. */
      readonly names?: readonly [inside: string, around: string];
    }
  | { readonly kind: "loops"; readonly points: readonly LoopPoint[] }
);

/** Spend over time in steps, each of several parts that stand on each other. */
export interface StackChart {
  readonly sentence: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** The largest at the bottom; each has a hue of the palette, from 0, or is one of the quiet greys. */
  readonly parts: readonly { readonly label: string; readonly hue: number | "none" | "other" }[];
  /** Dollars of each part, in the order of `parts`; a step without any is left out. */
  readonly steps: readonly {
    readonly from: number;
    readonly to: number;
    readonly dollars: readonly number[];
  }[];
  readonly markers: readonly Marker[];
}
