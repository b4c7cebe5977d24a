import type { Variables } from "@spancost/store";
import { UsageError } from "../errors.ts";
import { type Dimension, noValue, parseDimension } from "./dimensions.ts";
import { type TimeZone, utc } from "./time-zone.ts";

/** Calls whose `dimension` has one of `values`; `(none)` is a call without one. */
export interface Filter {
  readonly dimension: Dimension;
  readonly values: readonly string[];
  /** `!=`: calls that have none of them. */
  readonly not: boolean;
}

const shape = /^([^=!]+?)\s*(!?=)\s*(.*)$/s;

/**
 * `--where k=v` and `--where k!=v`. Several filters all hold; several values of one dimension are alternatives.
 *
 * @throws UsageError for what is no filter
 */
export function parseFilters(texts: readonly string[], zone: TimeZone = utc): readonly Filter[] {
  const filters = new Map<string, Filter>();
  for (const text of texts) {
    const [, key, operator, value] = shape.exec(text) ?? [];
    if (key === undefined || operator === undefined || value === undefined || value === "") {
      throw new UsageError(
        `--where takes dimension=value, such as feature=search or release!=2.14, not "${text}". ` +
          `Calls without a value are feature=${noValue}.`,
      );
    }
    const dimension = parseDimension(key.trim(), "where", zone);
    const id = dimension.name + operator;
    const values = [...(filters.get(id)?.values ?? []), value];
    filters.set(id, { dimension, values, not: operator === "!=" });
  }
  return [...filters.values()];
}

/** The filters as SQL conditions and the variables they read. */
export function filterSql(filters: readonly Filter[]): {
  readonly conditions: readonly string[];
  readonly variables: Variables;
} {
  return {
    conditions: filters.map(({ dimension, values, not }, index) => {
      const asked = `getvariable('where_${index}')`;
      const text = `(${dimension.sql})::varchar`;
      // DuckDB looks for one value while it reads, and skips what cannot have it.
      if (!not && values.length === 1 && values[0] !== noValue) return `${text} = ${asked}[1]`;
      return `${not ? "not " : ""}list_contains(${asked}, coalesce(${text}, '${noValue}'))`;
    }),
    variables: Object.fromEntries(
      filters.map(({ values }, index) => [`where_${index}`, [...values]]),
    ),
  };
}

/** "feature=search" and "release!=2.14": each filter as a person would type it. */
export function filterTexts(filters: readonly Filter[]): readonly string[] {
  return filters.flatMap(({ dimension, values, not }) =>
    values.map((value) => `${dimension.name}${not ? "!=" : "="}${value}`),
  );
}

/** "feature=search, release!=2.14". */
export function filtersText(filters: readonly Filter[]): string {
  return filterTexts(filters).join(", ");
}
