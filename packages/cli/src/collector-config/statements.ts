import { attribute, kept, quoted, set, setFirst, setFirstText } from "./ottl.ts";
import { providerStatements } from "./provider-names.ts";
import type { Band, ModelName } from "./rates.ts";
import { type Readable, readables } from "./readable.ts";
import { scopeStatements, unread } from "./scopes.ts";
import type { Stretch } from "./stretches.ts";

const reading = kept("reading");

/** A model, by the name that spans have, and its prices. */
export interface PricedModel extends ModelName {
  readonly stretches: readonly Stretch[];
}

/** The statements that price spans: what each is, what it used, what that costs. */
export function costStatements(models: readonly PricedModel[], dependsOnPlace: boolean): string[] {
  return [
    ...dialectStatements(),
    ...(dependsOnPlace ? [placeStatement] : []),
    ...readables.flatMap(countStatements),
    ...usageStatements,
    ...modelStatements(),
    ...models.flatMap(rateStatements),
    ...sumStatements,
  ];
}

/** Which reading a span asks for; it stays unset on spans that are no calls. */
function dialectStatements(): string[] {
  const named = `IsMatch(span.attributes["gen_ai.operation.name"], ".") or IsMatch(span.attributes["gen_ai.provider.name"], ".") or IsMatch(span.attributes["gen_ai.system"], ".")`;
  return [
    // Scopes that are in no table, by what is on the span.
    set(reading, quoted("openinference"), `span.attributes["openinference.span.kind"] != nil`),
    set(reading, quoted("conventions"), named),
    ...scopeStatements(),
    ...readables.map(({ name, isCall, tellsMore }) =>
      set(
        reading,
        quoted(unread),
        `${reading} == ${quoted(name)} and (not (${isCall})${tellsMore === undefined ? "" : ` or ${tellsMore}`})`,
      ),
    ),
  ];
}

/** Whose bill it is on, or where it ran: another price of the contract may hold there. */
const placeStatement = set(
  reading,
  quoted(unread),
  [
    ...["spancost.account", "cloud.account.id", "aws.region", "cloud.region"].map(attribute),
    ...["spancost.account", "cloud.account.id", "cloud.region"].map(
      (key) => `resource.attributes[${quoted(key)}]`,
    ),
  ]
    .map((place) => `${place} != nil`)
    .join(" or "),
);

/** Counts and names as this dialect writes them. */
function countStatements(readable: Readable): string[] {
  const here = `${reading} == ${quoted(readable.name)}`;
  const { keys } = readable;
  return [
    ...setFirst("input", keys.input, here),
    ...setFirst("output", keys.output, here),
    ...setFirst("total", keys.total, here),
    ...setFirst("cache_read", keys.cacheRead, here),
    ...setFirst("cache_write", keys.cacheWrite, here),
    ...setFirst("cache_write_1h", keys.cacheWrite1h, here),
    ...setFirst("reasoning", keys.reasoning, here),
    ...keys.others.map((key) =>
      set(
        reading,
        quoted(unread),
        `${attribute(key)} != nil and ${attribute(key)} != 0 and ${here}`,
      ),
    ),
    set(kept("apart"), "true", `${here} and ${readable.inputExcludesCache === true}`),
    ...setFirstText("provider", readable.provider, here),
    ...setFirstText("request", readable.requestModel, here),
    ...setFirstText("response", readable.responseModel, here),
  ];
}

const counts = ["input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning"];

/** One meaning for all: input includes what was cached. What contradicts itself is not priced. */
const usageStatements = [
  // Nothing but whole numbers is a count, and without an input there is no price that would hold.
  ...["output", "cache_read", "cache_write", "cache_write_1h", "reasoning"].map((name) =>
    set(kept(name), "0", `${kept(name)} == nil`),
  ),
  set(kept("usable"), "true", counts.map((name) => `IsInt(${kept(name)})`).join(" and ")),
  set(
    kept("usable"),
    "false",
    `${kept("usable")} == true and (${counts.map((name) => `${kept(name)} < 0 or ${kept(name)} > 1000000000000`).join(" or ")})`,
  ),
  set(
    kept("usable"),
    "false",
    `${kept("usable")} == true and ${kept("total")} != nil and not IsInt(${kept("total")})`,
  ),
  // Someone's own sum that fits neither reading would have to be judged.
  set(
    kept("usable"),
    "false",
    `${kept("usable")} == true and ${kept("total")} != nil and ${kept("total")} != ${kept("input")} + ${kept("output")} and ` +
      `(${kept("apart")} != true or ${kept("total")} != ${kept("input")} + ${kept("output")} + ${kept("cache_read")} + ${kept("cache_write")})`,
  ),
  set(
    kept("usable"),
    "false",
    `${kept("usable")} == true and ${kept("input")} + ${kept("output")} + ${kept("cache_read")} + ${kept("cache_write")} == 0`,
  ),
  set(
    kept("input"),
    `${kept("input")} + ${kept("cache_read")} + ${kept("cache_write")}`,
    `${kept("usable")} == true and ${kept("apart")} == true`,
  ),
  set(
    kept("usable"),
    "false",
    `${kept("usable")} == true and (${kept("cache_read")} + ${kept("cache_write")} > ${kept("input")} or ${kept("cache_write_1h")} > ${kept("cache_write")} or ${kept("reasoning")} > ${kept("output")})`,
  ),
];

const tierKeys = [
  "openai.response.service_tier",
  "gen_ai.openai.response.service_tier",
  "anthropic.response.service_tier",
  "gen_ai.response.service_tier",
];

/** What the price is looked up by: provider, model and tier. */
function modelStatements(): string[] {
  const tier = kept("tier");
  return [
    ...providerStatements(),
    set(kept("model"), kept("request"), `${kept("request")} != nil`),
    // At Bedrock only the request names the profile, and with it the region's price.
    set(
      kept("model"),
      kept("response"),
      `${kept("response")} != nil and (${kept("request")} == nil or not IsMatch(${kept("provider")}, "^aws[.]bedrock$"))`,
    ),
    set(tier, quoted("standard")),
    ...tierKeys
      .toReversed()
      .map((key) => set(tier, `ToLowerCase(${attribute(key)})`, `IsMatch(${attribute(key)}, ".")`)),
    set(
      tier,
      quoted("standard"),
      `IsMatch(${tier}, "^(?:auto|default|on_demand|scale|standard|standard_only)$")`,
    ),
    set(
      kept("key"),
      `Concat([${kept("provider")}, ${kept("model")}, ${tier}], " ")`,
      `${kept("model")} != nil`,
    ),
  ];
}

function rateStatements({ provider, model, stretches }: PricedModel): string[] {
  return stretches.flatMap(({ tier, from, until, prices, priceId }) => {
    if (prices.kind !== "rates") return [];
    const key = [provider ?? "", model, tier].join(" ");
    const when = [
      `${kept("key")} == ${quoted(key)}`,
      ...(from === undefined ? [] : [`span.start_time_unix_nano >= ${from}000000`]),
      ...(until === undefined ? [] : [`span.start_time_unix_nano < ${until}000000`]),
    ];
    return prices.bands.map((band) => {
      const size = [
        ...(band.above === 0 ? [] : [`${kept("input")} > ${band.above}`]),
        ...(band.upTo === undefined ? [] : [`${kept("input")} <= ${band.upTo}`]),
      ];
      return set(kept("rates"), mapOf(band, priceId), [...when, ...size].join(" and "));
    });
  });
}

function mapOf({ rates, perCall }: Band, priceId: string): string {
  const known = Object.entries(rates).filter(([, rate]) => rate !== undefined);
  const members = [
    ...known.map(([name, rate]) => `${quoted(name)}: ${rate}`),
    `"per_call": ${perCall.includes(".") ? perCall : `${perCall}.0`}`,
    `"id": ${quoted(priceId)}`,
  ];
  return `{${members.join(", ")}}`;
}

const rate = (name: string) => `${kept("rates")}[${quoted(name)}]`;
const tokens = (name: string) => `Double(${kept(name)})`;

/** Without a rate for what was used, there is no price. */
const needed = [
  `${rate("input")} != nil`,
  ...["cache_read", "cache_write_1h", "output", "reasoning"].map(
    (name) => `(${kept(name)} == 0 or ${rate(name)} != nil)`,
  ),
  `(${kept("cache_write")} == ${kept("cache_write_1h")} or ${rate("cache_write")} != nil)`,
];

const lines = [
  `(${tokens("input")} - ${tokens("cache_read")} - ${tokens("cache_write")}) * ${rate("input")}`,
  `${tokens("cache_read")} * ${rate("cache_read")}`,
  `(${tokens("cache_write")} - ${tokens("cache_write_1h")}) * ${rate("cache_write")}`,
  `${tokens("cache_write_1h")} * ${rate("cache_write_1h")}`,
  `(${tokens("output")} - ${tokens("reasoning")}) * ${rate("output")}`,
  `${tokens("reasoning")} * ${rate("reasoning")}`,
];

/** The cost, under the name that backends read, beside what the sender had there. */
const sumStatements = [
  set(
    kept("priced"),
    "true",
    [`${kept("usable")} == true`, `${kept("rates")} != nil`, ...needed].join(" and "),
  ),
  // A kind of token that was not used may have no rate.
  ...["cache_read", "cache_write", "cache_write_1h", "output", "reasoning"].map((name) =>
    set(rate(name), "0.0", `${kept("priced")} == true and ${rate(name)} == nil`),
  ),
  set(
    kept("cost"),
    `(${lines.join(" + ")}) / 1000000.0 + ${rate("per_call")}`,
    `${kept("priced")} == true`,
  ),
  set(
    attribute("spancost.reported_cost_usd"),
    attribute("gen_ai.usage.cost"),
    `${kept("cost")} != nil and ${attribute("gen_ai.usage.cost")} != nil and ${attribute("spancost.cost.usd")} == nil`,
  ),
  set(attribute("gen_ai.usage.cost"), kept("cost"), `${kept("cost")} != nil`),
  set(attribute("spancost.cost.usd"), kept("cost"), `${kept("cost")} != nil`),
  set(attribute("spancost.price.id"), rate("id"), `${kept("cost")} != nil`),
];
