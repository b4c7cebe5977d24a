/** `error`: calls are not seen or not exported. `warning`: some may be, or facts are lost. `info`: good to know. */
export type Severity = "error" | "warning" | "info";

export type FindingCode =
  | "no_package_json"
  | "instrumentation_missing"
  | "api_missing"
  | "api_copies"
  | "sdk_needs_newer_node"
  | "client_not_covered"
  | "client_version_not_covered"
  | "esm_without_hook"
  | "own_import_hook"
  | "disabled"
  | "sdk_not_running"
  | "processor_missing"
  | "exporter_missing"
  | "spans_not_taken"
  | "calls_without_span"
  | "no_call_yet"
  | "cache_unknown"
  | "usage_unknown"
  | "calls_unpriced";

/** Something that a check found, and what to do about it. */
export interface Finding {
  /** Stable: scripts may look for it. */
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is so, in one sentence. */
  readonly message: string;
  /** The line to type or to write. */
  readonly fix: string;
}

/** The fix that helps most often. */
export const startsRegister = "node --import @spancost/instrumentation/register app.js";
