export { NewerSchemaError } from "./migrations.ts";
export type { QueryColumn, QueryFile, QueryParam } from "./query-files.ts";
export { QueryHeaderError, queryNames, readQueryFile, UnknownQueryError } from "./query-files.ts";
export type { Rows, SqlValue } from "./rows.ts";
export type { Variables } from "./store.ts";
export { NotAQueryError, Store, StoreInUseError } from "./store.ts";
