import type { Window } from "../envelope/envelope.ts";
import { type Filter, filterSql, filtersText } from "../flags/filters.ts";
import { type TimeZone, utc } from "../flags/time-zone.ts";
import { plain, windowText } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { didYouMean } from "../suggest.ts";

/** Not true, and no help, where spans are taken that are not worked out yet. */
export const nothingStored =
  "No model call is stored yet. Send traces to a receiver (spancost serve), read a file " +
  "(spancost ingest FILE), or look at an example (spancost demo).";

/** Says that a window holds no call, where calls are, and what to type next: in `zone`, in which it is read. */
export async function noDataWarning(
  reader: Reader,
  window: Window | undefined,
  filters: readonly Filter[],
  zone: TimeZone = utc,
): Promise<string> {
  if (window === undefined) return nothingStored;
  const { conditions, variables } = filterSql(filters);
  const { rows } = await reader.readRows(
    `select max(started_at) as started_at, arg_max(service, started_at) as service
    from cost_records where ${["true", ...conditions].join(" and ")}`,
    variables,
  );
  const { started_at: last, service } = rows[0] ?? {};
  if (typeof last !== "string") {
    const { rows: any } = await reader.readRows("select 1 from cost_records limit 1");
    return any.length === 0 ? nothingStored : noMatchText(reader, filters);
  }
  const where = filters.length === 0 ? "" : ` with ${filtersText(filters)}`;
  const from = typeof service === "string" ? ` (${service})` : "";
  const day = plain(last, zone).slice(0, 10);
  return (
    `No model call${where} from ${windowText(window, zone)}. ` +
    `The last one stored started ${plain(last, zone)} ${zone.name}${from}: try --since ${day}.`
  );
}

/** Another window does not help where no call at all meets the filters: a name may be mistyped. */
async function noMatchText(reader: Reader, filters: readonly Filter[]): Promise<string> {
  let meant = "";
  for (const { dimension, values, not } of filters) {
    const [value] = values;
    if (not || value === undefined) continue;
    const { rows } = await reader.readRows(
      `select distinct (${dimension.sql})::varchar as value from cost_records limit 10000`,
    );
    const names = rows.map((row) => String(row["value"]));
    if (names.includes(value)) continue;
    const longer = names.find((name) => name.startsWith(value));
    meant += longer === undefined ? didYouMean(value, names) : ` Did you mean ${longer}?`;
    if (value.split(",").some((part) => names.includes(part)))
      meant += " Several values take a --where each.";
  }
  const names = new Set(filters.map(({ dimension }) => dimension.name));
  return (
    `No model call that is stored has ${filtersText(filters)}.${meant} ` +
    `What there is: spancost top --by ${[...names].join(",")}`
  );
}
