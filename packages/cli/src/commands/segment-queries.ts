import type { Segment, SegmentReader } from "@spancost/analysis";
import { readQueryFile } from "@spancost/store";
import { noValue, parseDimension } from "../flags/dimensions.ts";
import { filterSql } from "../flags/filters.ts";
import type { Reader } from "../ports.ts";

/** Named queries, of all calls or of those of a segment. */
export function segmentQueries(reader: Reader): SegmentReader {
  return {
    ask: (name, variables) => reader.readRows(readQueryFile(name).sql, variables),
    of: (segment) => {
      const { conditions, variables: ofSegment } = segmentSql(segment);
      if (conditions.length === 0) return segmentQueries(reader);
      const some = `from (select * from cost_records where ${conditions.join(" and ")}) as cost_records`;
      return {
        ask: (name, variables) =>
          reader.readRows(
            readQueryFile(name).sql.replaceAll("from cost_records", () => some),
            { ...variables, ...ofSegment },
          ),
      };
    },
  };
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
