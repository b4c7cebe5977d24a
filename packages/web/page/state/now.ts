import { useEffect, useState } from "preact/hooks";
import type { Now } from "./answers.ts";
import { type Asked, api, ask } from "./ask.ts";

/** Milliseconds between questions for what is new, while somebody looks. */
const pollMillis = 5_000;

export interface Watched extends Asked<Now> {
  readonly revision: Revision;
}

/** What tells an answer that is still true from one that has to be asked for again. */
export interface Revision {
  /** Changes whenever a new call is stored. */
  readonly calls: string;
  /** Changes once a minute at most: for what takes the receiver long to work out. */
  readonly minute: string;
}

/** New calls do not change what is older than this before the newest one, but for late ones. */
const lateMillis = 3_600_000;

/** The revision of a stretch of time that ends with `until`: one of the past stays as it is. */
export function revisionOf(
  revision: Revision,
  until: string,
  now: Pick<Now, "last_call">,
): Revision {
  const isPast = Date.parse(until) < Date.parse(now.last_call ?? "") - lateMillis;
  return isPast ? { calls: "past", minute: "past" } : revision;
}

/**
 * The state of the receiver, asked again every few seconds while the page is seen. Most answers are "the same as
 * before", which costs next to nothing on the way.
 */
export function useNow(): Watched {
  const [state, setState] = useState<Asked<Now>>({
    answer: undefined,
    error: undefined,
    isLoading: true,
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    async function look(): Promise<void> {
      clearTimeout(timer);
      if (document.hidden) return;
      try {
        const answer = await ask<Now>(api("page/now"));
        if (!isOver) setState({ answer, error: undefined, isLoading: false });
      } catch (error) {
        if (!isOver) {
          setState((old) => ({ ...old, error: (error as Error).message, isLoading: false }));
        }
      }
      if (!isOver) timer = setTimeout(look, pollMillis);
    }
    const seen = () => void look();
    document.addEventListener("visibilitychange", seen);
    seen();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
  const { answer } = state;
  const calls = `${answer?.last_call} ${answer?.trust.calls} ${answer?.today?.calls}`;
  return { ...state, revision: { calls, minute: answer?.window?.until ?? "" } };
}
