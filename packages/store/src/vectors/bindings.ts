// biome-ignore lint/correctness/noUndeclaredDependencies: those of @duckdb/node-api, which says their version
export { default as duckdb } from "@duckdb/node-bindings";
