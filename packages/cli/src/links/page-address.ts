import {
  between,
  changedParams,
  href,
  ownSqlName,
  paramsOf,
  queryPath,
  rangeAround,
  tracePath,
  type ViewPath,
} from "@spancost/web/address";
import { explainQuestion } from "../commands/explain-question.ts";
import type { Window } from "../envelope/envelope.ts";
import { UsageError } from "../errors.ts";
import { parseDimensions } from "../flags/dimensions.ts";
import { filterTexts, parseFilters } from "../flags/filters.ts";
import type { Texts } from "../flags/texts.ts";

/** What a link needs to know of an answer. */
export interface Answered {
  readonly window: Window | null;
  readonly trace_id?: string;
}

/**
 * Where the page shows what a command answers: a path with parameters, with absolute times. The page reads it with the
 * same code that writes it here.
 *
 * @param command the name of a reading command
 * @param answered the answer, or what of it is known without asking
 * @param now milliseconds since 1970
 * @throws UsageError for what no view of the page shows
 */
export function pageAddress(
  command: string,
  texts: Texts,
  answered: Answered,
  now: number,
): string {
  const times = timesOf(command, answered);
  const at = (path: string, changes: Parameters<typeof changedParams>[1] = {}) =>
    href(
      path,
      changedParams(new URLSearchParams(), { ...times, run: texts.one("run"), ...changes }),
    );
  const view = (path: ViewPath, changes = {}) => at(path, changes);
  switch (command) {
    case "explain":
    case "report":
      return view("/explain", { ...filters(texts), baseline: baselineOf(texts, now) });
    case "top":
      return view("/explain", { ...filters(texts), by: oneDimension(texts) });
    case "trace":
      return at(tracePath(answered.trace_id ?? ""), { since: undefined, until: undefined });
    case "query": {
      const [name, sql] = [texts.one("name"), texts.one("sql")];
      if (name !== undefined) {
        return at(queryPath(name.replaceAll("_", "-")), { param: texts.all("param") });
      }
      if (sql !== undefined) return at(queryPath(ownSqlName), { sql });
      return view("/queries");
    }
    case "check":
      return view("/");
    case "prices-unpriced":
      return view("/quality");
    default:
      throw new UsageError(`no view of the page shows what ${command} answers.`);
  }
}

/**
 * The window that was asked for; on the timeline also what came before it where it is compared with that. Without more
 * the timeline shows the window alone.
 */
function timesOf(command: string, { window }: Answered): Record<string, string> {
  if (window === null) return {};
  const [since, until] = [Date.parse(window.since), Date.parse(window.until)];
  const isCompared = command === "explain" || command === "report";
  return isCompared ? paramsOf(rangeAround(since, until)) : { ...between(since, until) };
}

function filters(texts: Texts): { readonly where: readonly string[] } {
  return { where: filterTexts(parseFilters(texts.all("where"))) };
}

/** A range with absolute times, or the name of a rule. */
function baselineOf(texts: Texts, now: number): string | undefined {
  const { baseline } = explainQuestion(texts, now);
  return typeof baseline === "object" ? `${baseline.since}..${baseline.until}` : baseline;
}

function oneDimension(texts: Texts): string | undefined {
  const [first, second] = parseDimensions(texts.all("by"), "by");
  if (second === undefined) return first?.name;
  throw new UsageError("--by: the page splits by one dimension at a time; name one.");
}
