import { catalogueVersion, type PriceBook } from "@spancost/pricing";
import type { Command } from "commander";
import type { ModelName } from "../collector-config/rates.ts";
import type { PricedModel } from "../collector-config/statements.ts";
import { stretchesOf } from "../collector-config/stretches.ts";
import { transformYaml } from "../collector-config/transform.ts";
import { type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { UsageError } from "../errors.ts";
import { collect } from "../flags/options.ts";
import type { Texts } from "../flags/texts.ts";
import { instantAt, parseInstant } from "../flags/time.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { Reader } from "../ports.ts";
import type { ReadingCommand } from "./reading-command.ts";

/** Answer of `spancost collector-config`: a row per rate that is in it, or per model that is not. */
export type CollectorConfigEnvelope = Envelope & {
  /** RFC 3339: the first instant whose prices are in it. */
  readonly from: string;
  /** The configuration, as YAML. */
  readonly config: string;
};

/** More models make statements that take longer than the spans are worth. */
const maxModels = 500;

/**
 * Names as spans have them: a price is looked up by the answer's model, and by the request's where there is none. Senders may
 * call a model anything: what would end a line is no name of one.
 */
const modelsSql = `
select provider, name, count(*) as calls
from (
    select provider, unnest(list_distinct([request_model, response_model])) as name
    from cost_records
    where record_kind = 'model'
) models
where name is not null
    and not regexp_matches(concat(provider, name), '[\\x00-\\x1f\\x7f]')
group by all
order by calls desc, provider, name
limit ${maxModels}`;

/** `spancost collector-config`: prices as statements for the Collector's `transform` processor. */
export const collectorConfig: ReadingCommand = {
  name: "collector-config",
  takes: ["model", "from"],
  needsStore: (texts) => texts.all("model").length === 0,
  asksContract: true,

  define(program: Command): Command {
    return program
      .command("collector-config")
      .description("a transform processor that writes costs into spans in a Collector")
      .option(
        "--model <provider/model>",
        "a model as spans name it, repeatable; default: those in the database",
        collect,
      )
      .option("--from <time>", "spans from this time on (default: now)")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost collector-config > cost.yaml && otelcol validate --config cost.yaml --config your.yaml\n" +
          "  spancost collector-config --model openai/gpt-5-mini --model aws.bedrock/us.amazon.nova-pro-v1:0",
      );
  },

  prepare(texts: Texts, now: number) {
    const named = texts.all("model").map(parseModel);
    if (named.length > maxModels) {
      throw new UsageError(`--model can be given ${maxModels} times at most.`);
    }
    const asked = texts.one("from");
    const from =
      asked === undefined ? instantAt(now) : parseInstant(asked, "from", now, zoneOf(texts));
    return async ({ prices, reader }) =>
      answer(prices, named.length > 0 ? named : await modelsIn(reader), from);
  },

  table: (envelope) => (envelope as CollectorConfigEnvelope).config,
};

function parseModel(text: string): ModelName {
  const slash = text.indexOf("/");
  const provider = slash < 0 ? undefined : text.slice(0, slash);
  const model = text.slice(slash + 1);
  if (model === "" || provider === "" || hasControls(text)) {
    throw new UsageError(
      `--model is a provider and a model, such as openai/gpt-5-mini, not "${text}".`,
    );
  }
  return { provider: provider?.toLowerCase(), model };
}

function hasControls(text: string): boolean {
  return [...text].some((letter) => letter < " " || letter === "\u007f");
}

async function modelsIn(reader: Reader): Promise<readonly ModelName[]> {
  const { rows } = await reader.readRows(modelsSql);
  return rows.map(({ provider, name }) => ({
    provider: provider === null ? undefined : String(provider),
    model: String(name),
  }));
}

function answer(
  prices: PriceBook,
  names: readonly ModelName[],
  from: string,
): CollectorConfigEnvelope {
  const models: PricedModel[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for (const name of names) {
    const stretches = stretchesOf(prices, name, Date.parse(from));
    if ("reason" in stretches) {
      leftOut.push({ name: nameOf(name), reason: stretches.reason });
      continue;
    }
    for (const { prices: said, tier } of stretches) {
      if (said.kind === "rates") continue;
      leftOut.push({ name: `${nameOf(name)} (${tier})`, reason: said.reason });
    }
    models.push({ ...name, stretches });
  }
  const sources = [catalogueVersion.source, ...contractsOf(prices, names, from)];
  return {
    schema: schemaOf("collector-config"),
    window: null,
    from,
    config: transformYaml({
      models,
      leftOut,
      sources,
      since: from,
      dependsOnPlace: prices.dependsOnPlace,
    }),
    rows: [...models.flatMap(rowsOf), ...leftOut.map(withoutPrice)],
    warnings:
      models.length === 0
        ? ["No model has a price, so that no span would get a cost. Name some with --model."]
        : [],
  };
}

function nameOf({ provider, model }: ModelName): string {
  return provider === undefined ? model : `${provider}/${model}`;
}

/** The contract that some of the prices come from. */
function contractsOf(prices: PriceBook, names: readonly ModelName[], from: string): string[] {
  const sources = names.flatMap((name) => {
    const card = prices.card({ ...name, at: Date.parse(from) });
    return card.kind === "unpriced" ? [] : Object.values(card.cells).map((cell) => cell?.source);
  });
  const contracts = sources.flatMap((source) => source?.match(/contract@[0-9a-f]+/) ?? []);
  return [...new Set(contracts)];
}

function rowsOf({ provider, model, stretches }: PricedModel): Row[] {
  return stretches.flatMap(({ tier, from, until, priceId, prices }) =>
    prices.kind !== "rates"
      ? []
      : prices.bands.map(({ above, rates }) => ({
          provider: provider ?? null,
          model,
          tier,
          price_id: priceId,
          effective_from: from === undefined ? null : instantAt(from),
          effective_until: until === undefined ? null : instantAt(until),
          above_input_tokens: above,
          ...Object.fromEntries(
            Object.entries(rates).map(([name, rate]) => [
              `${name}_usd`,
              rate === undefined ? null : new ExactNumber(rate),
            ]),
          ),
          reason: null,
        })),
  );
}

function withoutPrice({ name, reason }: { name: string; reason: string }): Row {
  const [provider, model] = name.includes("/") ? name.split(/\/(.*)/s) : [undefined, name];
  return { provider: provider ?? null, model: model ?? null, reason };
}
