/** Reads `SPANCOST_*` and the two `OTEL_*` variables that concern everybody. Empty is as good as absent. */
export function envText(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === "" ? undefined : value;
}

/** True for `true` and `1`, as OpenTelemetry reads its own switches; anything else is false. */
export function envFlag(name: string): boolean {
  const value = envText(name)?.toLowerCase();
  return value === "true" || value === "1";
}

/** True where the variable says no in words. */
export function envDenies(name: string): boolean {
  const value = envText(name)?.toLowerCase();
  return value === "false" || value === "0";
}

/** The kill switch: with either variable set, every function of this package does nothing of its own. */
export function isDisabled(): boolean {
  return envFlag("SPANCOST_DISABLED") || envFlag("OTEL_SDK_DISABLED");
}

/** The names in a variable that holds a list, each once. */
export function envList(name: string): readonly string[] {
  const items = (envText(name) ?? "").split(",").map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ""))];
}
