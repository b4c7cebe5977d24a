import { useEffect, useRef, useState } from "preact/hooks";
import {
  between,
  paramsOf,
  type Range,
  rangeAround,
  type Window,
} from "../../src/address/range.ts";
import { duration, instant } from "../format.ts";
import { change, linkTo, useAddress, usesFilters } from "../state/address.ts";
import type { Now } from "../state/answers.ts";
import { Copy } from "./copy.tsx";

const hour = 3_600_000;

/** Lengths of the window that are a click away, counted back from the newest call. */
const lengths = [
  ["1 h", hour],
  ["6 h", 6 * hour],
  ["24 h", 24 * hour],
  ["7 d", 168 * hour],
] as const;

/** What the page is about: the window, and which calls of it. */
export function WindowBar({ range, now }: { readonly range: Range; readonly now: Now }) {
  const { params, path } = useAddress();
  const { since, until } = range.window;
  const isLive = params.get("live") === "1";
  const end = Date.parse(now.window?.until ?? until);
  const buttons = lengths.map(([label, length]) => {
    const around = rangeAround(end - length, end, firstOf(now));
    const isIt = around.window.since === since && around.window.until === until;
    return { label, around, isIt };
  });
  return (
    <section class="bar" aria-label="Window and filters">
      <Times range={range} isLive={isLive} />
      {/* A button that is chosen says it already. */}
      {!buttons.some(({ isIt }) => isIt) && (
        <span class="quiet-text">{duration(Date.parse(until) - Date.parse(since))} long</span>
      )}
      <span class="buttons">
        {buttons.map(({ label, around, isIt }) => (
          <a
            key={label}
            class={isIt ? "button chosen" : "button"}
            aria-current={isIt}
            href={linkTo(path, paramsOf(around))}
          >
            {label}
          </a>
        ))}
      </span>
      <label class="live">
        <input
          type="checkbox"
          checked={isLive}
          onChange={() => change({ live: isLive ? undefined : "1" }, "replace")}
        />
        follow new calls
      </label>
      {usesFilters(path) && <Filters />}
      <span class="end-of-bar">
        <Copy
          label="Copy link"
          text={() => new URL(linkTo(path, { live: undefined }), location.href).href}
        />
      </span>
    </section>
  );
}

/** The two ends of the window, as text that can be typed over. What is typed stays while new calls move the window. */
function Times({ range, isLive }: { readonly range: Range; readonly isLive: boolean }) {
  const [problem, setProblem] = useState<string>();
  const [typed, setTyped] = useState<Partial<Window>>({});
  const { since, until } = range.window;
  const before = useRef(range.window);
  useEffect(() => {
    const hasMoved = isLive && lengthOf(before.current) === lengthOf(range.window);
    before.current = range.window;
    // Another window was chosen: what was typed was meant for the one before.
    if (!hasMoved) setTyped({});
  }, [since, until]);
  function set(event: Event) {
    event.preventDefault();
    const [start, end] = [typed.since ?? since, typed.until ?? until].map(timeIn);
    if (start === undefined || end === undefined) {
      return setProblem("A time is written like 2026-11-20 03:00 (UTC).");
    }
    if (end <= start) return setProblem("The window ends before it begins.");
    setProblem(undefined);
    setTyped({});
    change({
      ...paramsOf({ ...range, window: between(start, end) }),
      live: undefined,
      offset: undefined,
    });
  }
  const field = (name: keyof Window, label: string) => (
    <input
      name={name}
      aria-label={label}
      size={16}
      value={typed[name] ?? instant(range.window[name])}
      onInput={({ currentTarget: { value } }) => setTyped((old) => ({ ...old, [name]: value }))}
    />
  );
  return (
    <form class="times" onSubmit={set}>
      {field("since", "Start of the window, UTC")}
      <span>to</span>
      {field("until", "End of the window, UTC")}
      <span>UTC</span>
      <button type="submit" class="quiet">
        Set
      </button>
      {problem && (
        <span class="failure" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

function lengthOf({ since, until }: Window): number {
  return Date.parse(until) - Date.parse(since);
}

function timeIn(text: string): number | undefined {
  const millis = Date.parse(`${text.trim().replace(" ", "T").replace(/Z$/, "")}Z`);
  return Number.isNaN(millis) ? undefined : millis;
}

/** Which calls: each filter can be taken away, and one be typed in. */
function Filters() {
  const { params } = useAddress();
  const filters = params.getAll("where");
  const set = (where: readonly string[]) => change({ where, offset: undefined });
  function add(event: Event) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("where")).trim();
    if (text === "" || filters.includes(text)) return;
    form.reset();
    set([...filters, text]);
  }
  return (
    <span class="filters">
      {filters.map((filter) => (
        <button
          type="button"
          class="filter"
          key={filter}
          aria-label={`Take away the filter ${filter}`}
          onClick={() => set(filters.filter((other) => other !== filter))}
        >
          {filter} <span aria-hidden="true">×</span>
        </button>
      ))}
      <form onSubmit={add}>
        <input
          name="where"
          class="add"
          size={18}
          placeholder="filter: feature=search"
          aria-label="Add a filter, such as feature=search"
        />
      </form>
    </span>
  );
}

function firstOf({ first_call: first }: Now): number | undefined {
  return first === null ? undefined : Date.parse(first);
}
