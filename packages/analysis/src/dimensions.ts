/** What a dimension says of a call; columns and variables of `queries/explain-cells.sql` bear these names. */
export const dimensions = {
  feature: { role: "entity", nameCost: 1 },
  environment: { role: "entity", nameCost: 1.05 },
  user_id: { role: "entity", nameCost: 1.05 },
  service: { role: "entity", nameCost: 1.15 },
  team: { role: "entity", nameCost: 1.25 },
  agent: { role: "call", nameCost: 1.1 },
  tool: { role: "call", nameCost: 1.2 },
  prompt_name: { role: "call", nameCost: 1.2 },
  operation: { role: "call", nameCost: 1.6 },
  release: { role: "version", nameCost: 1.3 },
  model: { role: "version", nameCost: 1.3 },
  provider: { role: "version", nameCost: 1.35 },
  prompt_version: { role: "version", nameCost: 1.6 },
  retry_count: { role: "ordinal", nameCost: 1.6 },
  loop_depth: { role: "ordinal", nameCost: 1.6 },
  agent_depth: { role: "ordinal", nameCost: 1.6 },
} as const satisfies Record<string, { readonly role: Role; readonly nameCost: number }>;

/**
 * How a value of the dimension is compared with the baseline.
 *
 * - entity: whose spend it is. A new value is new spend; requests are counted within it.
 * - version: what a deployment replaces. A new value is compared with what its traffic used to cost.
 * - call: which of a request's calls.
 * - ordinal: how many calls came before. It shows how cost grew and not where, so it is searched on demand only.
 */
export type Role = "entity" | "version" | "call" | "ordinal";

export type Dimension = keyof typeof dimensions;

/** All dimensions, those that name a cause best first. */
export const dimensionNames = Object.keys(dimensions) as readonly Dimension[];

export function roleOf(dimension: Dimension): Role {
  return dimensions[dimension].role;
}

/** Dimensions that are searched unless others are asked for. */
export const searchedDimensions: readonly Dimension[] = dimensionNames.filter(
  (dimension) => roleOf(dimension) !== "ordinal",
);

/** Of a call: its value of each dimension, `null` where it has none. */
export type Labels = Readonly<Record<Dimension, string | null>>;

/** Values that calls have in common; `null` stands for calls without a value. */
export type Segment = Readonly<Partial<Record<Dimension, string | null>>>;

/** Users beyond the dearest are one label, which names nobody. */
export const otherUsers = "(other)";

/** As queries take a segment: NULL is written `(none)`. */
export function variablesOf(segment: Segment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(segment).map(([dimension, value]) => [dimension, value ?? "(none)"]),
  );
}
