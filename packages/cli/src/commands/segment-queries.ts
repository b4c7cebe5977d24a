import type { Segment, SegmentReader } from "@spancost/analysis";
import { readQueryFile } from "@spancost/store";
import { noValue, parseDimension } from "../flags/dimensions.ts";
import { filterSql } from "../flags/filters.ts";
import type { Reader } from "../ports.ts";

/** What narrowed queries read from: all calls, or those of window and baseline. */
const recordViews = /\bfrom (cost_records|compared_records)\b/g;

/** Named queries, of all calls or of those of a segment. */
export function segmentQueries(reader: Reader): SegmentReader {
  return {
    ask: (name, variables) => reader.readRows(readQueryFile(name).sql, variables),
    of: (segment) => {
      const { conditions, variables: ofSegment } = segmentSql(segment);
      if (conditions.length === 0) return segmentQueries(reader);
      const condition = conditions.join(" and ");
      return {
        ask: async (name, variables) =>
          reader.readRows(narrowed(name, condition), { ...variables, ...ofSegment }),
      };
    },
  };
}

function narrowed(name: string, condition: string): string {
  const { sql } = readQueryFile(name);
  const some = sql.replaceAll(
    recordViews,
    (_, view) => `from (select * from ${view} where ${condition}) as ${view}`,
  );
  // All calls in the place of a segment's would be a wrong answer that looks right.
  if (some === sql) throw new TypeError(`${name} reads nothing that can be narrowed to a segment`);
  return some;
}

/** The segment in SQL. Users that are grouped together are nobody's name. */
export function segmentSql(segment: Segment) {
  return filterSql(
    Object.entries(segment)
      .filter(([, value]) => value !== "(other)")
      .map(([name, value]) => ({
        dimension: parseDimension(name, "where"),
        values: [value ?? noValue],
        not: false,
      })),
  );
}
