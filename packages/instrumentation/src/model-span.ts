import { type AttributeSource, readSpan, SpanKind } from "@spancost/semconv";
import type { SdkReadableSpan } from "./sdk-span.ts";

const nothing: AttributeSource = { get: () => undefined, keys: () => [] };

/** By scope and version: whether all its spans are about models, or only those that say so themselves. */
const byScope = new Map<string, Map<string, boolean>>();
/** A process has some dozens of scopes. A service that makes scopes up starts over. */
const maxScopes = 1_000;

/** Any of these says that a span of whatever scope follows the GenAI conventions. */
const conventionKeys = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.system",
  "mcp.method.name",
];

/**
 * Whether `span` is about models, as far as it can be told yet. Nearly all spans of a service are not: they cost a look-up by
 * scope and four by key.
 */
export function isAboutModels(span: SdkReadableSpan): boolean {
  const { name, version = "" } = span.instrumentationScope;
  return (
    (byScope.get(name)?.get(version) ?? learnScope(name, version)) ||
    followsConventions(span.attributes)
  );
}

/** A span without attributes is read in the dialect of its scope, or in none. */
function learnScope(name: string, version: string): boolean {
  const { dialect } = readSpan({
    name: "",
    kind: SpanKind.internal,
    failed: false,
    scopeName: name,
    scopeVersion: version,
    attributes: nothing,
    resource: nothing,
    eventNames: [],
  });
  if (byScope.size >= maxScopes) byScope.clear();
  const versions = byScope.get(name) ?? new Map<string, boolean>();
  if (versions.size >= maxScopes) versions.clear();
  byScope.set(name, versions.set(version, dialect !== undefined));
  return dialect !== undefined;
}

function followsConventions(attributes: Readonly<Record<string, unknown>>): boolean {
  for (const key of conventionKeys) {
    const value = attributes[key];
    if (typeof value === "string" && value !== "") return true;
  }
  return false;
}
