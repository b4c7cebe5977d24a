import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";

/**
 * How sure it is that a name means the catalogue's model.
 *
 * "exact": the rule names it in full. "version": the rule and only a date, a revision or a region
 * beside it. "prefix" and "contains": the name goes on in a way the rule did not foresee, and may be
 * another model: "claude-sonnet-4-5-custom" gets the price of Claude Sonnet 4.5. "contract": no catalogue
 * knows the name, a contract has a price for it.
 */
export type MatchedBy = "exact" | "version" | "prefix" | "contains" | "contract";

const fromSurest: readonly MatchedBy[] = ["exact", "version", "prefix", "contains"];

export function isSure(by: MatchedBy): boolean {
  return by === "exact" || by === "version";
}

/** How `name` met the rule of `model`, by the surest clause of it. */
export function matchedBy(model: ModelInfo, name: string): MatchedBy {
  const id = model.id.toLowerCase();
  const lower = name.toLowerCase();
  if (id === lower) return "exact";
  const found = new Set(
    [lower, dashed(lower)].flatMap((spelling) => clauses(model.match, { id, name: spelling })),
  );
  // The rule "gemini-2.0-flash-0" fits "gemini-2.0-flash-001": its "01" tells nothing, the id does.
  if (lower.startsWith(id) && behindName.test(lower.slice(id.length))) found.add("version");
  return fromSurest.find((by) => found.has(by)) ?? "contains";
}

/** A name and the id of the model whose rule it met, both in lower case. */
interface Met {
  readonly id: string;
  readonly name: string;
}

/** What each clause that fits says of the name; none for a rule that does not fit as a whole. */
function clauses(rule: MatchLogic, met: Met): MatchedBy[] {
  if ("or" in rule) return rule.or.flatMap((part) => clauses(part, met));
  if ("and" in rule) {
    const parts = rule.and.map((part) => clauses(part, met));
    return parts.every((part) => part.length > 0) ? parts.flat() : [];
  }
  const by = clause(rule, met);
  return by === undefined ? [] : [by];
}

type Clause = Exclude<MatchLogic, { or: unknown } | { and: unknown }>;

function clause(rule: Clause, met: Met): MatchedBy | undefined {
  const { name } = met;
  if ("regex" in rule) return anchored(rule.regex, name);
  if ("equals" in rule) return name === rule.equals.toLowerCase() ? "exact" : undefined;
  if ("starts_with" in rule) {
    const part = rule.starts_with.toLowerCase();
    return name.startsWith(part) ? around(met, 0, part, "prefix") : undefined;
  }
  const part = ("contains" in rule ? rule.contains : rule.ends_with).toLowerCase();
  const at = name.lastIndexOf(part);
  const fits = "contains" in rule ? at >= 0 : name.endsWith(part);
  return fits ? around(met, at, part, "contains") : undefined;
}

/** What stands before and behind the part that the rule names decides. */
function around({ id, name }: Met, at: number, part: string, otherwise: MatchedBy): MatchedBy {
  const before = name.slice(0, at);
  const behind = name.slice(at + part.length);
  if (before === "" && behind === "") return "exact";
  const known = behindName.test(behind) || isRevisionOf(id, behind) || part.startsWith("ft:");
  return known && beforeName.test(before) ? "version" : otherwise;
}

/** An ARN, a region and a vendor, as Bedrock puts them, or a vendor's folder. */
const beforeName =
  /^(?:arn:aws[^/]*\/)?(?:(?:us|us-gov|eu|apac|au|jp|ca|sa|global)\.)?(?:[a-z0-9]+\.)?(?:[a-z0-9-]+\/)?$/;

/**
 * "-20250929", "@20250929", "-2025-08-07", "-08-2024", "-001", "-latest" and Bedrock's first revision, "-v1:0".
 *
 * Another revision is another model: "titan-embed-text-v2:0" meets the rule of v1, and costs something else.
 */
const behindName =
  /^(?:[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2}|(?:0[1-9]|1[0-2])-20\d{2}|0\d\d|latest|default))*(?:-v1)?(?::\d+)*$/;

/** "-v2:0" behind a name is nothing new where the model's own id ends so. */
function isRevisionOf(id: string, behind: string): boolean {
  return /^-v\d+(?::\d+)*$/.test(behind) && id.endsWith(behind);
}

/** A pattern for the whole name is the catalogue's own list of versions; another one is a condition beside. */
function anchored(pattern: string, name: string): MatchedBy | undefined {
  if (!new RegExp(pattern).test(name)) return undefined;
  return pattern.startsWith("^") && pattern.endsWith("$") ? "version" : "contains";
}

/** The catalogue tries "-20250807" as "-2025-08-07" too. */
function dashed(name: string): string {
  return name.replace(/-(20\d{2})(\d{2})(\d{2})(?=-|:|$)/g, "-$1-$2-$3");
}
