import { useRef, useState } from "preact/hooks";
import { instant } from "../format.ts";

/** What a brush lies on: the plot of a chart in pixels, and the times at its edges in milliseconds since 1970. */
export interface Ground {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly since: number;
  readonly until: number;
  /** Of a step of the chart, in milliseconds: the brush takes whole ones. */
  readonly step: number;
}

export interface Stretch {
  readonly since: number;
  readonly until: number;
}

/**
 * Sets a stretch of time: by drawing over it with the pointer, or with the arrow keys on either end.
 */
export function Brush(props: {
  readonly ground: Ground;
  readonly value: Stretch;
  readonly onChange: (value: Stretch) => void;
}) {
  const { ground, value, onChange } = props;
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Stretch | undefined>(undefined);
  const anchor = useRef<number | undefined>(undefined);
  const shown = drawn ?? value;
  const pixels = (at: number) => {
    const share = (at - ground.since) / (ground.until - ground.since);
    return ground.left + Math.max(0, Math.min(1, share)) * (ground.right - ground.left);
  };
  const timeAt = (event: PointerEvent) => {
    const from = place.current?.getBoundingClientRect().left ?? 0;
    const share = (event.clientX - from - ground.left) / (ground.right - ground.left);
    return ground.since + Math.max(0, Math.min(1, share)) * (ground.until - ground.since);
  };

  function begin(event: PointerEvent) {
    if (event.button !== 0) return;
    place.current?.setPointerCapture(event.pointerId);
    anchor.current = timeAt(event);
  }
  function draw(event: PointerEvent) {
    if (anchor.current === undefined) return;
    setDrawn(wholeSteps(ground, anchor.current, timeAt(event)));
  }
  function end() {
    anchor.current = undefined;
    if (drawn) onChange(drawn);
    setDrawn(undefined);
  }
  function cancel() {
    anchor.current = undefined;
    setDrawn(undefined);
  }

  const [from, to] = [pixels(shown.since), pixels(shown.until)];
  const height = ground.bottom - ground.top;
  return (
    <div
      ref={place}
      class="brush"
      onPointerDown={begin}
      onPointerMove={draw}
      onPointerUp={end}
      onPointerCancel={cancel}
    >
      <div
        class="selected"
        style={placeOf({ left: from, width: Math.max(1, to - from), top: ground.top, height })}
      />
      <End
        name="Start of the window"
        end="since"
        {...{ ground, value, onChange }}
        at={from}
        height={height}
      />
      <End
        name="End of the window"
        end="until"
        {...{ ground, value, onChange }}
        at={to}
        height={height}
      />
    </div>
  );
}

/** In pixels, as a style. */
function placeOf(pixels: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(pixels).map(([name, value]) => [name, `${value}px`]));
}

/** An end of the window: a slider for the keyboard. */
function End(props: {
  readonly name: string;
  readonly end: "since" | "until";
  readonly ground: Ground;
  readonly value: Stretch;
  readonly onChange: (value: Stretch) => void;
  readonly at: number;
  readonly height: number;
}) {
  const { ground, value, end, onChange } = props;
  function press(event: KeyboardEvent) {
    const steps = keys[event.key];
    if (steps === undefined) return;
    event.preventDefault();
    const moved = moveEnd(ground, value, end, steps);
    if (moved) onChange(moved);
  }
  return (
    <div
      class="end"
      role="slider"
      tabIndex={0}
      aria-label={props.name}
      aria-orientation="horizontal"
      aria-valuemin={ground.since}
      aria-valuemax={ground.until}
      aria-valuenow={value[end]}
      aria-valuetext={`${instant(new Date(value[end]).toISOString())} UTC`}
      onKeyDown={press}
      style={placeOf({ left: props.at, top: ground.top, height: props.height })}
    />
  );
}

const keys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** From the step that holds one of the times to the one that holds the other, both included. */
export function wholeSteps({ since, until, step }: Ground, one: number, other: number): Stretch {
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  const start = Math.floor(first / step) * step;
  const end = Math.max(start + step, Math.ceil(last / step) * step);
  return { since: Math.max(since, start), until: Math.min(until, end) };
}

/** One end, some steps further, on the ground and not beyond the other end; `undefined` where it stays. */
export function moveEnd(
  { since, until, step }: Ground,
  value: Stretch,
  end: "since" | "until",
  steps: number,
): Stretch | undefined {
  const target = Number.isFinite(steps)
    ? Math.round(value[end] / step + steps) * step
    : steps < 0
      ? since
      : until;
  const [least, most] = end === "since" ? [since, value.until - step] : [value.since + step, until];
  const moved = { ...value, [end]: Math.max(least, Math.min(most, target)) };
  return moved.until > moved.since && moved[end] !== value[end] ? moved : undefined;
}
