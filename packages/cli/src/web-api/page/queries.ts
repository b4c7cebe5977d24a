import { queryNames, readQueryFile } from "@spancost/store";
import { type Cell, schemaOf } from "../../envelope/envelope.ts";
import type { PageQuestion } from "./page-question.ts";

/** The named queries with all that their headers say, and their SQL. */
export const queries: PageQuestion = {
  name: "queries",
  takes: [],
  needsStore: () => false,
  prepare: () => async () => ({
    schema: schemaOf("page-queries"),
    window: null,
    rows: queryNames()
      .map(readQueryFile)
      .map(({ name, title, description, params, columns, sql }) => ({
        name,
        title,
        description,
        params: params.map((param) => ({ ...param, default: param.default ?? null })) as Cell,
        columns: columns.map((column) => ({ ...column })) as Cell,
        sql,
      })),
    warnings: [],
  }),
};
