export { NewerSchemaError } from "./migrations.ts";
export type { Rows, SqlValue } from "./rows.ts";
export type { Variables } from "./store.ts";
export { NotAQueryError, Store, StoreInUseError } from "./store.ts";
