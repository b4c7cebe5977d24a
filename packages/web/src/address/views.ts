/** The views of the page in the order in which an incident needs them. */
export const views = [
  { path: "/", title: "Now" },
  { path: "/explain", title: "Explain" },
  { path: "/traces", title: "Traces" },
  { path: "/quality", title: "Data quality" },
  { path: "/queries", title: "Queries" },
] as const;

export type ViewPath = (typeof views)[number]["path"];

/** The path of one trace. */
export function tracePath(traceId: string): string {
  return `/trace/${traceId}`;
}

/** What stands for SQL of one's own where else the name of a query does. */
export const ownSqlName = "sql";

/** The path of a named query, or of SQL of one's own. */
export function queryPath(name: string): string {
  return `/queries/${name}`;
}
