/** What a dimension says of a call; columns and variables of `queries/explain-cells.sql` bear these names. */
const described = {
  feature: { role: "entity", nameCost: 1 },
  environment: { role: "entity", nameCost: 1.05 },
  user_id: { role: "entity", nameCost: 1.05 },
  region: { role: "entity", nameCost: 1.1 },
  service: { role: "entity", nameCost: 1.15 },
  team: { role: "entity", nameCost: 1.25 },
  conversation_id: { role: "entity", nameCost: 1.4 },
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
} as const satisfies Record<string, Description>;

interface Description {
  readonly role: Role;
  /** How much it costs a reader to be told a value of it. */
  readonly nameCost: number;
}

/** Tags are people's own; most say whose request it is. */
const tagDescription: Description = { role: "entity", nameCost: 1.25 };

/**
 * How a value of the dimension is compared with the baseline.
 *
 * - entity: whose spend it is. A new value is new spend; requests are counted within it.
 * - version: what a deployment replaces. A new value is compared with what its traffic used to cost.
 * - call: which of a request's calls.
 * - ordinal: how many calls came before. It shows how cost grew and not where, so it is searched on demand only.
 */
export type Role = "entity" | "version" | "call" | "ordinal";

export type BuiltInDimension = keyof typeof described;

/** A tag's name after "tag:". */
export type TagDimension = `tag:${string}`;

export type Dimension = BuiltInDimension | TagDimension;

/** All dimensions but tags, those that name a cause best first. */
export const dimensionNames = Object.keys(described) as readonly BuiltInDimension[];

export function isTag(dimension: string): dimension is TagDimension {
  return dimension.startsWith("tag:");
}

function describe(dimension: Dimension): Description {
  return isTag(dimension) ? tagDescription : described[dimension];
}

export function roleOf(dimension: Dimension): Role {
  return describe(dimension).role;
}

export function nameCostOf(dimension: Dimension): number {
  return describe(dimension).nameCost;
}

/** Dimensions that are searched unless others are asked for, tags beside. */
export const searchedDimensions: readonly BuiltInDimension[] = dimensionNames.filter(
  (dimension) => roleOf(dimension) !== "ordinal",
);

/** Those that say which version of something made a call. */
export const versionDimensions: readonly BuiltInDimension[] = dimensionNames.filter(
  (dimension) => roleOf(dimension) === "version",
);

/** Of a call: its value of each dimension, `null` where it has none. */
export type Labels = Readonly<Record<BuiltInDimension, string | null>> & {
  readonly [tag: TagDimension]: string | null;
};

/** The value of any dimension; a tag that a call lacks is `null` too. */
export function labelOf(labels: Labels, dimension: Dimension): string | null {
  return labels[dimension] ?? null;
}

/** Values that calls have in common; `null` stands for calls without a value. */
export type Segment = { readonly [dimension in Dimension]?: string | null };

/** The conditions of a segment. */
export function conditionsOf(segment: Segment): (readonly [Dimension, string | null])[] {
  return Object.entries(segment) as [Dimension, string | null][];
}

/** The conditions of a segment on dimensions of some roles. */
export function partOf(segment: Segment, has: (role: Role) => boolean): Segment {
  return Object.fromEntries(conditionsOf(segment).filter(([name]) => has(roleOf(name))));
}

/** What is too small to be told by its name has this label, which names nobody. */
export const others = "(other)";

/** Dimensions of which it says something that calls have no value: somebody forgot to tell it. */
const expected: ReadonlySet<Dimension> = new Set([
  "feature",
  "team",
  "service",
  "environment",
  "release",
  "model",
]);

/** Whether a segment can bear the value's name. */
export function canName(dimension: Dimension, value: string | null): boolean {
  return value === null ? expected.has(dimension) : value !== others;
}

/** As queries take a segment: see `narrowedTo`. */
export function variablesOf(segment: Segment): Record<string, string> {
  return narrowedTo({}, segment);
}

/**
 * The variables of a query, with the conditions of a segment beside those that they hold already. NULL is written
 * `(none)`, a tag `name=value`, and several tags as a JSON list.
 */
export function narrowedTo(
  variables: Readonly<Record<string, string>>,
  segment: Segment,
): Record<string, string> {
  const narrowed = { ...variables };
  for (const [dimension, value] of conditionsOf(segment)) {
    const text = value ?? "(none)";
    if (isTag(dimension)) {
      const known = tagsOf(narrowed["tag"]);
      narrowed["tag"] = textOfTags([...known, `${dimension.slice("tag:".length)}=${text}`]);
    } else {
      narrowed[dimension] = text;
    }
  }
  return narrowed;
}

/**
 * The same for queries that compare what a version of something did with what the versions before it did: conditions on
 * versions hold for the window alone.
 */
export function narrowedInWindow(
  variables: Readonly<Record<string, string>>,
  segment: Segment,
): Record<string, string> {
  const versions = variablesOf(partOf(segment, (role) => role === "version"));
  const inWindow = Object.entries(versions).map(([name, value]) => [`window_${name}`, value]);
  return {
    ...narrowedTo(
      variables,
      partOf(segment, (role) => role !== "version"),
    ),
    ...Object.fromEntries(inWindow),
  };
}

function tagsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text.startsWith("[") ? JSON.parse(text) : [text];
}

function textOfTags(tags: readonly string[]): string {
  const [only = ""] = tags;
  return tags.length > 1 || only.startsWith("[") ? JSON.stringify(tags) : only;
}
