export type { StoredContract } from "./contracts.ts";
export { NewerSchemaError } from "./migrations.ts";
export type { Variables } from "./query.ts";
export { NotAQueryError, SqlError } from "./query.ts";
export type { QueryColumn, QueryFile, QueryParam } from "./query-files.ts";
export { QueryHeaderError, queryNames, readQueryFile, UnknownQueryError } from "./query-files.ts";
export type { Pricer, PricingRun, RepriceOrder } from "./reprice.ts";
export type { Rows, SqlValue } from "./rows.ts";
export { Store, StoreInUseError } from "./store.ts";
