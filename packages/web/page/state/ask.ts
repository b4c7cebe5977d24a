import { useEffect, useRef, useState } from "preact/hooks";
import { capital } from "../format.ts";

/** A question's answer so far. While a new one is on its way, the old one stands. */
export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  /** Why there is none, in the server's own words. */
  readonly error: string | undefined;
  readonly isLoading: boolean;
}

interface Known {
  readonly tag: string;
  readonly answer: unknown;
}

/** Answers that have a tag, by URL: a question that is asked again is answered with "the same as before". */
const known = new Map<string, Known>();
const mostKnown = 60;

/**
 * Asks the server.
 *
 * @throws Error with a sentence for people, where it cannot be reached too
 */
export async function ask<Answer>(url: string, signal?: AbortSignal): Promise<Answer> {
  const before = known.get(url);
  const headers = before === undefined ? undefined : { "If-None-Match": before.tag };
  const response = await reach(url, { ...(headers && { headers }), ...(signal && { signal }) });
  if (response.status === 304 && before !== undefined) return before.answer as Answer;
  const body = await read(response);
  if (!response.ok) throw new Error(messageOf(body, response));
  const tag = response.headers.get("ETag");
  if (tag !== null) {
    known.delete(url);
    known.set(url, { tag, answer: body });
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - mostKnown))) {
      known.delete(oldest);
    }
  }
  return body as Answer;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, cache: "no-store", credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Error(
      "The receiver cannot be reached. Is it still running? This page asks again by itself.",
    );
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageOf(body: unknown, response: Response): string {
  const error = (body as { error?: { message?: unknown } } | null)?.error?.message;
  if (typeof error === "string") return capital(error);
  return `The receiver answered ${response.status} ${response.statusText}.`;
}

/**
 * What the server answers at `url`; nothing is asked where it is `undefined`.
 *
 * @param revision asked again whenever it changes: what is stored has changed
 */
export function useAnswer<Answer>(url: string | undefined, revision = ""): Asked<Answer> {
  const [state, setState] = useState<Asked<Answer> & { readonly url?: string }>(waiting);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (url === undefined) return;
    const stop = new AbortController();
    // Of another question of the same kind the old answer may stand for a moment; of another kind it may not.
    const isKin = shown.current?.split("?")[0] === url.split("?")[0];
    setState((old) => ({ ...(isKin ? old : waiting), isLoading: true }));
    ask<Answer>(url, stop.signal)
      .then((answer) => {
        shown.current = url;
        setState({ answer, error: undefined, isLoading: false });
      })
      .catch((error: Error) => {
        if (stop.signal.aborted) return;
        setState({ answer: undefined, error: error.message, isLoading: false });
      });
    return () => stop.abort();
  }, [url, revision]);
  return state;
}

const waiting = { answer: undefined, error: undefined, isLoading: true } as const;

/** A URL of the API with parameters; those without a value are left out. */
export function api(
  path: string,
  params: Readonly<Record<string, string | number | readonly string[] | undefined>> = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  return query.size === 0 ? `/api/${path}` : `/api/${path}?${query}`;
}
