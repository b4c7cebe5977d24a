import {
  type CardQuery,
  type CellName,
  cellNames,
  formatRate,
  type GpuHour,
  type PriceBook,
  type PriceCard,
  picoUsd,
  plainUsd,
  type Cell as Rate,
} from "@spancost/pricing";
import type { Command } from "commander";
import { type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Texts } from "../flags/texts.ts";
import { instantAt, parseInstant } from "../flags/time.ts";
import { zoneOf } from "../flags/time-zone.ts";
import { pricesTable } from "../render/prices.ts";
import { pricesCommand } from "./prices-command.ts";
import type { ReadingCommand } from "./reading-command.ts";

/** Answer of `spancost prices show`: a row per rate, and one more per tier of it. */
export type PricesEnvelope = Envelope & {
  readonly model: string;
  /** The instant whose prices these are. */
  readonly at: string;
  readonly price_id: string;
  readonly source: string;
  /** How the name met the catalogue. */
  readonly match: Row;
  /** The service tier that the rates are of: "standard", "flex" … */
  readonly tier: string;
  /** The catalogue says that the model costs nothing. */
  readonly free: boolean;
};

export const prices: ReadingCommand = {
  name: "prices",
  takes: ["model", "provider", "at", "tier", "account", "region"],
  needsStore: () => false,
  asksContract: true,

  define(program: Command): Command {
    return pricesCommand(program)
      .command("show")
      .description("the price card of a model, cell by cell with its source")
      .argument("<MODEL>", "as spans name it, such as gpt-5-mini")
      .option("--provider <name>", "as spans name it, such as openai or aws.bedrock")
      .option("--at <time>", "the prices of this time (default: now)")
      .option("--tier <name>", "of this service tier, such as batch, flex or priority")
      .option("--account <id>", "of this account, where a contract differs by it")
      .option("--region <name>", "of this region, likewise")
      .addHelpText(
        "after",
        "\nExamples:\n  spancost prices show claude-sonnet-4-5\n  spancost prices show gpt-5.4 --provider azure --at 2026-06-01",
      );
  },

  prepare(texts: Texts, now: number) {
    const model = texts.one("model");
    if (model === undefined || model === "") {
      throw new UsageError("prices needs a MODEL, such as gpt-5-mini.");
    }
    const asked = texts.one("at");
    const at = asked === undefined ? instantAt(now) : parseInstant(asked, "at", now, zoneOf(texts));
    const scope = {
      provider: texts.one("provider"),
      tier: texts.one("tier"),
      account: texts.one("account"),
      region: texts.one("region"),
    };
    return async (world) => answer(world.prices, model, scope, at);
  },

  table: (envelope, page) => pricesTable(envelope as PricesEnvelope, page),
};

function answer(
  book: PriceBook,
  model: string,
  scope: Pick<CardQuery, "provider" | "tier" | "account" | "region">,
  at: string,
): PricesEnvelope {
  const card = book.card({ model, ...scope, at: Date.parse(at) });
  if (card.kind === "unpriced") throw unknownPrice(book, model, scope.provider, card.reason);
  return {
    schema: schemaOf("prices"),
    window: null,
    model,
    at,
    price_id: card.priceId,
    source: card.source,
    match: { ...card.match },
    tier: card.tier,
    free: card.free,
    rows: card.gpuHour === undefined ? rateRows(card) : gpuRows(card.gpuHour),
    warnings: warningsOf(card),
  };
}

function rateRows({ cells }: PriceCard): Row[] {
  return cellNames.flatMap((name) => rowsOf(name, cells[name]));
}

function rowsOf(name: CellName, cell: Rate | undefined): Row[] {
  if (cell === undefined) return [];
  const { from, until, hours } = cell.effective;
  return [{ above: 0, rate: cell.rate.base }, ...cell.rate.tiers].map(({ above, rate }) => ({
    cell: name,
    /** Of all input of a call; the rate then holds for all of its tokens. */
    above_input_tokens: above,
    usd: new ExactNumber(isPiece(name) ? eachOf(rate) : formatRate(rate)),
    per: isPiece(name) ? pieces[name] : "million tokens",
    source: cell.source,
    note: cell.note ?? null,
    effective_from: from ?? null,
    effective_until: until ?? null,
    hours: hours ?? null,
  }));
}

const pieces = { request: "request", web_search: "search" } as const;

/** What one of a million costs. */
function eachOf(rate: Rate["rate"]["base"]): string {
  return plainUsd(picoUsd(rate / 1000n));
}

function isPiece(name: CellName): name is keyof typeof pieces {
  return name in pieces;
}

/** What a call's share of a machine costs: its tokens cost nothing beside it. */
function gpuRows(gpuHour: GpuHour): Row[] {
  const { picoUsd: hourly, microCalls, source, note, effective } = gpuHour;
  const calls = Number(microCalls) / 1e6;
  return [
    {
      cell: "gpu_hour",
      above_input_tokens: 0,
      usd: new ExactNumber(plainUsd(picoUsd(hourly))),
      per: calls === 1 ? "hour" : `hour of ${calls} calls at once`,
      source,
      note,
      effective_from: effective.from ?? null,
      effective_until: effective.until ?? null,
      hours: null,
    },
  ];
}

function warningsOf({ match, notCounted, outputByModality }: PriceCard): string[] {
  const warnings = [];
  if (match.provider === "by_model") {
    warnings.push("The provider was found by the model's name: give --provider to be sure.");
  }
  if (match.by === "prefix" || match.by === "contains") {
    warnings.push(`The name matches by ${match.by} only: it may be another model.`);
  }
  if (outputByModality) {
    warnings.push("Text, sound and image output have different rates: such calls are unpriced.");
  }
  if (notCounted.length > 0) {
    const units = notCounted.map(({ key, usd }) => `${key} $${usd}`).join(", ");
    warnings.push(`Not in any cost, since spans do not count it: ${units}.`);
  }
  return warnings;
}

function unknownPrice(
  book: PriceBook,
  model: string,
  provider: string | undefined,
  reason: string,
): CommandError {
  const at = provider === undefined ? "" : ` at ${provider}`;
  const near = [...new Set(book.candidates(model).map(({ name }) => name))].slice(0, 3);
  const next =
    near.length === 0
      ? "Calls to it are stored without a cost."
      : `Did you mean ${near.join(" or ")}?`;
  return new CommandError(`there is no price for "${model}"${at} (${reason}). ${next}`);
}
