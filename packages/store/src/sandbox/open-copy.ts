import { DuckDBInstance } from "@duckdb/node-api";
import type { SandboxLimits } from "./limits.ts";

/**
 * Opens a copy for SQL that nobody has looked at: it can change nothing, reach no other file and no address, and
 * not undo that. What else it can do, such as take all the memory there is, is for others to prevent.
 *
 * https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
 */
export function openCopy(
  file: string,
  { engineMegabytes, threads }: Pick<SandboxLimits, "engineMegabytes" | "threads">,
): Promise<DuckDBInstance> {
  return DuckDBInstance.create(file, {
    access_mode: "READ_ONLY",
    memory_limit: `${engineMegabytes}MB`,
    threads: String(threads),
    max_temp_directory_size: "0KB",
    temp_directory: "",
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
    // In this order: with the first of the two the folder above could not be set, with the second nothing could.
    enable_external_access: "false",
    lock_configuration: "true",
  });
}
