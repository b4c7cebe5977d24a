import type { QueryFile, QueryParam, Variables } from "@spancost/store";
import { dayMillis } from "../durations.ts";
import type { Window } from "../envelope/envelope.ts";
import { UsageError } from "../errors.ts";
import type { Reader } from "../ports.ts";
import { didYouMean } from "../suggest.ts";
import { type Texts, wholeNumber } from "./texts.ts";
import { instantAt, parseInstant } from "./time.ts";
import { type TimeZone, zoneOf } from "./time-zone.ts";
import { askedWindow, resolveWindow } from "./window.ts";

/** What a query is run with. */
export interface QueryInput {
  /** `null` for a query that has no window. */
  readonly window: Window | null;
  readonly variables: Variables;
}

/**
 * The parameters of a query, checked against its header: `--param k=v`, and `--since` and `--until`, which are
 * the same as `--param since=` and `--param until=`.
 *
 * @throws UsageError for a parameter that the query does not have, lacks, or that has a wrong value
 */
export function queryVariables(
  file: QueryFile,
  texts: Texts,
  now: number,
): (reader: Reader) => Promise<QueryInput> {
  const given = new Map(texts.all("param").map((text) => paramOf(file, text)));
  for (const name of ["since", "until"]) {
    const text = texts.one(name);
    if (text !== undefined) given.set(known(file, name).name, text);
  }
  const missing = file.params.find((param) => isNeeded(param) && !given.has(param.name));
  if (missing !== undefined) {
    throw new UsageError(
      `query ${file.name} needs --param ${missing.name}=… (${missing.type}${missing.help === "" ? "" : `: ${missing.help}`}).`,
    );
  }
  const times = new Map([...given].filter(([name]) => name === "since" || name === "until"));
  const zone = zoneOf(texts);
  const one = (name: string) => (name === "timezone" ? texts.one(name) : times.get(name));
  const asked = askedWindow({ one }, now);
  const others = Object.fromEntries(
    file.params
      .filter(({ name }) => given.has(name) && !times.has(name))
      .map((param) => [param.name, paramValue(param, given.get(param.name) ?? "", now, zone)]),
  );
  return async (reader) => {
    const since = file.params.find(({ name }) => name === "since");
    if (since === undefined) return { window: null, variables: others };
    const window = await resolveWindow(reader, asked);
    if (window === undefined) return { window: null, variables: { ...others, ...asked } };
    // Queries about a change look at one day where others look at all that is stored; those that need a window
    // compare it with what was before, and all that is stored has no before.
    const isChange = since.default === undefined || since.default.startsWith("a day");
    const aDay = asked.since === undefined && isChange;
    const start = aDay ? instantAt(Date.parse(window.until) - dayMillis) : window.since;
    const resolved = { since: start, until: window.until };
    return { window: resolved, variables: { ...others, ...resolved } };
  };
}

/** True where the query cannot be run without it. The ends of a window are told by the data, or by the clock. */
export function isNeeded({ name, default: unset }: QueryParam): boolean {
  return unset === undefined && name !== "since" && name !== "until";
}

function paramOf(file: QueryFile, text: string): [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) {
    throw new UsageError(`--param takes name=value, such as --param max_rows=5, not "${text}".`);
  }
  return [known(file, text.slice(0, at)).name, text.slice(at + 1)];
}

function known(file: QueryFile, name: string): QueryParam {
  const param = file.params.find((candidate) => candidate.name === name);
  if (param !== undefined) return param;
  const names = file.params.map((candidate) => candidate.name);
  throw new UsageError(
    `query ${file.name} has no parameter "${name}".${didYouMean(name, names)} It takes ${names.join(", ") || "none"}.`,
  );
}

function paramValue(
  { name, type }: QueryParam,
  text: string,
  now: number,
  zone: TimeZone,
): string | number {
  if (type.startsWith("timestamp")) return parseInstant(text, `param ${name}`, now, zone);
  if (/^(bigint|integer)$/.test(type)) return wholeNumber(`param ${name}`, text, 0);
  return text;
}

/**
 * What a query says of a value that it does not know, as "dimension takes service, release or tag:NAME, not "x"";
 * `undefined` for any other failure.
 *
 * @param failure DuckDB's message
 */
export function unknownValue({ params }: QueryFile, failure: string): UsageError | undefined {
  const [, name, values = "", text = ""] =
    /^Invalid Input Error: (\w+) takes (.+), not "([^"]*)"/.exec(failure) ?? [];
  if (name === undefined || !params.some((param) => param.name === name)) return undefined;
  const meant = didYouMean(text, values.split(/, | or /));
  return new UsageError(`--param ${name} takes ${values}, not "${text}".${meant}`);
}
