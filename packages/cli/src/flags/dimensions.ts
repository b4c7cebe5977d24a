import { UsageError } from "../errors.ts";
import { nearestName } from "../suggest.ts";
import { type TimeZone, utc } from "./time-zone.ts";

/** What costs can be split by: a column of the answer, and how SQL gets it from `cost_records`. */
export interface Dimension {
  readonly name: string;
  readonly sql: string;
}

/** By name. What is not here under its own name is a column of `cost_records`. */
const computed: Readonly<Record<string, string>> = {
  // A tool that is a record has no model: its name stands there.
  model: "coalesce(response_model, request_model, case when record_kind = 'tool' then tool end)",
  // As the queries and explain group it.
  loop_depth:
    "case when loop_iteration <= 2 then loop_iteration::varchar when loop_iteration <= 4 then '3-4' " +
    "when loop_iteration <= 8 then '5-8' when loop_iteration <= 16 then '9-16' " +
    "when loop_iteration > 16 then '17+' end",
  day: "strftime(started_at, '%Y-%m-%d')",
  hour: "date_trunc('hour', started_at)",
};

/** Days and hours as the clocks of a zone show them. An hour is the instant that it began. */
function onClocks({ name }: TimeZone): Readonly<Record<string, string>> {
  const clock = `timezone('${name}', timezone('UTC', started_at))`;
  return {
    day: `strftime(${clock}, '%Y-%m-%d')`,
    // Taken from the instant: clocks show an hour twice when summer time ends.
    hour: `started_at - (${clock} - date_trunc('hour', ${clock}))`,
  };
}

const columns = [
  "feature",
  "service",
  "environment",
  "region",
  "release",
  "team",
  "user_id",
  "conversation_id",
  "agent",
  "tool",
  "prompt_name",
  "prompt_version",
  "operation",
  "provider",
  "request_model",
  "response_model",
  "status",
  "error_type",
  "emitter",
  "dialect",
  "agent_depth",
  "loop_iteration",
  "retry_count",
  "usage_quality",
  "unpriced_reason",
  "price_id",
  "entry_point",
  "trace_id",
];

/** What people type. */
const aliases: Readonly<Record<string, string>> = {
  user: "user_id",
  conversation: "conversation_id",
  session: "conversation_id",
  env: "environment",
  prompt: "prompt_name",
  version: "release",
  loop: "loop_iteration",
  retries: "retry_count",
  trace: "trace_id",
};

/** All names but `tag:NAME`, in the order in which help shows them. */
export const dimensionNames: readonly string[] = [
  "feature",
  "model",
  ...columns.slice(1),
  "loop_depth",
  "day",
  "hour",
];

/** Where a call has no value. Written so in a filter, as in the queries. */
export const noValue = "(none)";

/**
 * The dimension called `text`; `tag:NAME` is what people attached to a span.
 *
 * @param zone whose days and hours are meant
 * @throws UsageError for a name that is none
 */
export function parseDimension(text: string, flag: string, zone: TimeZone = utc): Dimension {
  if (text.startsWith("tag:") && text.length > 4) {
    return { name: text, sql: `tags['${text.slice(4).replaceAll("'", "''")}']` };
  }
  const asked = text.toLowerCase().replaceAll("-", "_");
  const name = aliases[asked] ?? asked;
  const sql = { ...computed, ...(zone !== utc && onClocks(zone)) };
  if (dimensionNames.includes(name)) return { name, sql: sql[name] ?? name };
  const near = nearestName(text, dimensionNames);
  throw new UsageError(
    `--${flag}: there is no dimension "${text}".${near === undefined ? "" : ` Did you mean ${near}?`} ` +
      `Take one of ${dimensionNames.join(", ")}, or tag:NAME.`,
  );
}

/**
 * The dimensions of `--by`: separated by commas, or given several times.
 *
 * @throws UsageError for a name that is none, and for the same one twice
 */
export function parseDimensions(
  texts: readonly string[],
  flag: string,
  zone: TimeZone = utc,
): readonly Dimension[] {
  const dimensions = texts
    .flatMap((text) => text.split(","))
    .map((text) => parseDimension(text.trim(), flag, zone));
  const names = dimensions.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--${flag} names ${twice} twice.`);
  return dimensions;
}
