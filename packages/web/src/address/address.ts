/** New values of parameters: a list for one that stands several times, `undefined` to take it away. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The same parameters but for `changes`. */
export function changedParams(params: URLSearchParams, changes: Changes): URLSearchParams {
  const result = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    result.delete(name);
    for (const one of typeof value === "string" ? [value] : (value ?? [])) result.append(name, one);
  }
  return result;
}

/** An address as people read it: colons and commas of times and values stay as they are. */
export function href(path: string, params: URLSearchParams): string {
  const query = String(params).replaceAll("%3A", ":").replaceAll("%2C", ",");
  return query === "" ? path : `${path}?${query}`;
}
