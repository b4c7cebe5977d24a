import { useEffect, useState } from "preact/hooks";
import { type Changes, changedParams, href } from "../../src/address/address.ts";

/**
 * Where the page is: a path for the view, and parameters for what it shows. All that can be seen is in it, with
 * absolute times, so that a link shows others the same.
 */
export interface Address {
  readonly path: string;
  readonly params: URLSearchParams;
}

const listeners = new Set<() => void>();
let current = read();

function read(): Address {
  return { path: location.pathname, params: new URLSearchParams(location.search) };
}

addEventListener("popstate", changed);

function changed(): void {
  current = read();
  for (const listener of listeners) listener();
}

/** The address, and a new rendering whenever it changes. */
export function useAddress(): Address {
  const [address, setAddress] = useState(current);
  useEffect(() => {
    const listener = () => setAddress(current);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return address;
}

/** A link to a view: it takes the window and the filters along, and of the rest what is named. */
export function linkTo(path: string, changes: Changes = {}, { params } = current): string {
  const kept = ["from", "to", "since", "until", "where", "by", "baseline", "run", "live"];
  const own = new URLSearchParams([...params].filter(([name]) => kept.includes(name)));
  return href(path, changedParams(own, changes));
}

/** Goes to another address. `replace` where going back should not lead to this one. */
export function go(address: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  changed();
}

/** Changes parameters of the view that is shown. */
export function change(changes: Changes, how: "push" | "replace" = "push"): void {
  go(href(current.path, changedParams(current.params, changes)), how);
}

/** Lets a link within the page change the view without loading anything. */
export function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest("a");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download"))
    return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (url.hash !== "" && url.pathname === location.pathname) return;
  event.preventDefault();
  go(url.pathname + url.search);
  scrollTo(0, 0);
}

/** Whether the view that is shown is about the calls that meet the filters, and not about all. */
export function usesFilters(path: string): boolean {
  return /^\/(explain|traces)$/.test(path);
}
