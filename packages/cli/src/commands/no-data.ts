import type { Window } from "../envelope/envelope.ts";
import { type Filter, filtersText } from "../flags/filters.ts";
import { type TimeZone, utc } from "../flags/time-zone.ts";
import { plain, windowText } from "../flags/window.ts";
import type { Reader } from "../ports.ts";

/** Says that a window holds no call, where calls are, and what to type next: in `zone`, in which it is read. */
export async function noDataWarning(
  reader: Reader,
  window: Window | undefined,
  filters: readonly Filter[],
  zone: TimeZone = utc,
): Promise<string> {
  const { rows } = await reader.readRows(`
    select max(started_at) as started_at, arg_max(service, started_at) as service
    from cost_records`);
  const { started_at: last, service } = rows[0] ?? {};
  if (typeof last !== "string" || window === undefined) {
    return (
      "No model call is stored yet. Send traces to a receiver (spancost serve), read a file " +
      "(spancost ingest FILE), or look at an example (spancost demo)."
    );
  }
  const where = filters.length === 0 ? "" : ` with ${filtersText(filters)}`;
  const from = typeof service === "string" ? ` (${service})` : "";
  const day = plain(last, zone).slice(0, 10);
  return (
    `No model call${where} from ${windowText(window, zone)}. ` +
    `The last one stored started ${plain(last, zone)} ${zone.name}${from}: try --since ${day}.`
  );
}
