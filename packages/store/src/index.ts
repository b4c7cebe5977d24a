export type { Appended, Appending } from "./appending.ts";
export type { StoredContract } from "./contracts.ts";
export { DamagedDatabaseError } from "./damaged-database.ts";
export { failureOf } from "./failures.ts";
export { ForeignDatabaseError } from "./foreign-database.ts";
export { JournalError } from "./journal/journal.ts";
export { makeFolder } from "./make-folder.ts";
export { NewerSchemaError } from "./migrations.ts";
export type { StoreOptions } from "./open-store.ts";
export type { FileColumn } from "./parquet-file.ts";
export { writeParquetFile } from "./parquet-file.ts";
export type { Variables } from "./query.ts";
export { NotAQueryError, SqlError } from "./query.ts";
export type { QueryColumn, QueryFile, QueryParam } from "./query-files.ts";
export { QueryHeaderError, queryNames, readQueryFile, UnknownQueryError } from "./query-files.ts";
export type { Pricer, PricingRun, RepriceOrder } from "./reprice.ts";
export type { ArchivedDay, ArchiveOrder } from "./retention/archive.ts";
export { dayAt } from "./retention/day.ts";
export type {
  ExpiredDay,
  Retention,
  RetentionPolicy,
  RetentionReport,
} from "./retention/retention.ts";
export type { Rows } from "./rows.ts";
export { askReader } from "./sandbox/ask-reader.ts";
export {
  RefusedSqlError,
  SandboxBusyError,
  SandboxClosedError,
  SqlLimitError,
} from "./sandbox/errors.ts";
export { readableTables } from "./sandbox/gate.ts";
export type { SandboxAnswer } from "./sandbox/sandbox.ts";
export { SqlSandbox } from "./sandbox/sandbox.ts";
export type { Behind } from "./settled-within.ts";
export type { SqlValue } from "./sql-value.ts";
export type { StoreStatus } from "./status.ts";
export { Store } from "./store.ts";
export { StoreInUseError } from "./store-in-use.ts";
export type { StoreReader } from "./store-reader.ts";
