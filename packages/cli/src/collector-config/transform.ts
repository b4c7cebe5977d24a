import { unreadable } from "./readable.ts";
import { mixedScopes } from "./scopes.ts";
import { costStatements, type PricedModel } from "./statements.ts";

/** What a configuration is made of. */
export interface Transform {
  readonly models: readonly PricedModel[];
  /** Models that get no cost, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Such as "genai-prices@0.1.8", and the contract's id where there is one. */
  readonly sources: readonly string[];
  /** Some prices hold for an account or a region alone. */
  readonly dependsOnPlace: boolean;
  /** RFC 3339: the first instant whose prices are in it. */
  readonly since: string;
}

/** What a span has that may be priced: all others are left as they are after these questions. */
const mayBeCall = [
  `span.attributes["gen_ai.operation.name"] != nil`,
  `span.attributes["gen_ai.system"] != nil`,
  `span.attributes["openinference.span.kind"] != nil`,
  `span.attributes["span.type"] == "llm_request"`,
];

/** A `transform` processor of the OpenTelemetry Collector that writes the cost of model calls into their spans, as YAML. */
export function transformYaml(transform: Transform): string {
  const lines = [
    "# Made by `spancost collector-config`: the cost of a model call, written into its span as gen_ai.usage.cost (USD).",
    `# Prices: ${transform.sources.join(", ")}; from ${transform.since} on. Make it anew when one of them changes.`,
    "#",
    "# Put transform/spancost_cost into a pipeline before whatever takes off token counts, and give the file with --config.",
    "# Left without a cost, rather than with a wrong one:",
    "#   - spans of a model, a provider or a time that is not below;",
    "#   - calls that do not name their operation; a count that is no whole number, or that contradicts another;",
    "#   - calls without input tokens; sound and pictures; searches of the web are not counted;",
    ...(transform.dependsOnPlace
      ? ["#   - spans that name an account or a region: the contract has prices for some of them;"]
      : []),
    "#   - answers of OpenInference's that tell of cache writes, searches or another tier where no attribute does;",
    "#   - scopes whose versions mean different things by their counts:",
    ...mixedScopes().map((scope) => `#       ${scope}`),
    "#   - dialects whose counts these statements cannot read:",
    ...Object.entries(unreadable).map(([dialect, reason]) => `#       ${dialect}: ${reason}`),
    ...(transform.leftOut.length === 0 ? [] : ["#   - models:"]),
    ...transform.leftOut.map(({ name, reason }) => `#       ${name}: ${reason}`),
    "processors:",
    "  transform/spancost_cost:",
    "    # A statement that fails leaves one span without a cost, and nothing else.",
    "    error_mode: silent",
    "    trace_statements:",
    "      - context: span",
    "        conditions:",
    ...mayBeCall.map((condition) => `          - ${yamlText(condition)}`),
    "        statements:",
    ...costStatements(transform.models, transform.dependsOnPlace).map(
      (statement) => `          - ${yamlText(statement)}`,
    ),
  ];
  return lines.join("\n");
}

/** A text of one line, as YAML; a `$` would begin a variable of the Collector's. */
function yamlText(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("$", "$$$$")}'`;
}
