import { dialectScopes } from "@spancost/semconv";
import { kept, literal, quoted, set } from "./ottl.ts";
import { readables } from "./readable.ts";

/** What statements call the dialects that they cannot read. */
export const unread = "unread";

function readingOf(dialect: string): string {
  return readables.find(({ dialects }) => dialects.includes(dialect))?.name ?? unread;
}

interface ScopeReading {
  readonly scope: string;
  readonly reading: string;
  /** Some of its versions cannot be read, and therefore none is. */
  readonly isMixed: boolean;
}

function scopeReadings(): readonly ScopeReading[] {
  return [...new Set(dialectScopes.map(({ scope }) => scope))].map((scope) => {
    const rows = dialectScopes.filter((row) => row.scope === scope);
    const readings = new Set(rows.map(({ dialect }) => readingOf(dialect)));
    const [only = unread] = readings;
    const isMixed = rows.some(({ ofSomeVersions }) => ofSomeVersions) && readings.has(unread);
    return { scope, reading: readings.size > 1 ? unread : only, isMixed };
  });
}

/** Scopes that are left alone although some of their versions could be read. */
export function mixedScopes(): readonly string[] {
  return scopeReadings()
    .filter(({ isMixed }) => isMixed)
    .map(({ scope }) => scope);
}

/**
 * Statements that tell which reading a span's scope asks for, in the order that the last that fits counts: those that come
 * first in spancost's table come last. A scope whose versions mean different things is read where they all mean the same here.
 */
export function scopeStatements(): string[] {
  const runs: { reading: string; patterns: string[] }[] = [];
  for (const { scope, reading } of scopeReadings().toReversed()) {
    const last = runs.at(-1);
    if (last?.reading === reading) last.patterns.push(patternOf(scope));
    else runs.push({ reading, patterns: [patternOf(scope)] });
  }
  return runs.map(({ reading, patterns }) =>
    set(
      kept("reading"),
      quoted(reading),
      `IsMatch(scope.name, ${quoted(`^(?:${patterns.join("|")})$`)})`,
    ),
  );
}

/** A scope's name, or the beginning of names, as a pattern. */
function patternOf(scope: string): string {
  return scope.endsWith("*") ? `${literal(scope.slice(0, -1))}.*` : literal(scope);
}
