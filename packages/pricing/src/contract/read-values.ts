import { isMap, type Node } from "yaml";
import { exactFromText } from "../decimal.ts";
import { type CellName, cellNames, pieceCells } from "../price-card.ts";
import { type Rate, type RateTier, rateDecimals, type TieredRate } from "../rates.ts";
import { type Fields, keyed, quoted, textOf } from "../yaml/fields.ts";
import { type Problems, suggestion } from "../yaml/problems.ts";
import type { CellShare, Period } from "./contract.ts";

/** What people call cells by, taken from other price lists. */
const otherNames: Readonly<Record<string, CellName>> = {
  prompt: "input",
  completion: "output",
  cached: "cache_read",
  cached_input: "cache_read",
  cache_creation: "cache_write",
  search: "web_search",
};

/** The cell of that name, or `undefined` with a problem. */
export function cellNamed(key: Node, problems: Problems): CellName | undefined {
  const name = textOf(key) ?? "";
  const cell = cellNames.find((each) => each === name);
  if (cell !== undefined) return cell;
  const other = otherNames[name.toLowerCase()];
  const near = other === undefined ? suggestion(name, cellNames) : ` Did you mean ${other}?`;
  const choice = near === "" ? ` Known are ${cellNames.join(", ")}.` : near;
  return problems.add(key, `nothing is priced as ${quoted(name)}.${choice}`);
}

interface Amount {
  readonly decimals: number;
  /** Beyond it the unit must be a mistake. */
  readonly most: bigint;
  readonly what: string;
  readonly hint: string;
}

const perMillion: Amount = {
  decimals: rateDecimals,
  most: 1_000_000n,
  what: "USD per million tokens",
  hint: "that is more than a dollar for each token",
};
const perPiece: Amount = {
  decimals: rateDecimals + 6,
  most: 10_000n,
  what: "USD for each",
  hint: "is it the price of a thousand?",
};

/** USD in 10^-12, of at most 100,000. */
export const usd: Amount = {
  decimals: 12,
  most: 100_000n,
  what: "USD",
  hint: "is the unit right?",
};

/** A number of the file times 10^decimals, exactly; `undefined` with a problem. */
export function amountOf(node: Node, amount: Amount, problems: Problems): bigint | undefined {
  const text = textOf(node);
  const expected = `expected an amount such as 0.25 (${amount.what})`;
  const value = text === undefined ? undefined : exactFromText(text.trim(), amount.decimals);
  if (text === undefined || value === undefined) {
    return problems.add(
      node,
      `${text === undefined ? "this" : quoted(text)} is no number: ${expected}`,
    );
  }
  if (value === "inexact") {
    const most = `at most ${amount.decimals} decimals can be kept`;
    return problems.add(node, `${quoted(text)} has too many decimals: ${most}`);
  }
  if (value < 0n) return problems.add(node, `${quoted(text)} is negative: ${expected}`);
  if (value > amount.most * 10n ** BigInt(amount.decimals)) {
    return problems.add(node, `${quoted(text)} ${amount.what} is too much: ${amount.hint}`);
  }
  return value;
}

/** A rate of a cell: an amount, or `{rate: 1.25, above: {200000: 2.50}}`. */
export function rateOf(cell: CellName, node: Node, problems: Problems): TieredRate | undefined {
  const amount = pieceCells.some((name) => name === cell) ? perPiece : perMillion;
  if (!isMap(node)) {
    const base = amountOf(node, amount, problems);
    return base === undefined ? undefined : { base: base as Rate, tiers: [] };
  }
  const parts = new Map(keyed(node, problems).map(({ key, value }) => [textOf(key), value]));
  const [rate, above] = [parts.get("rate"), parts.get("above")];
  if (rate === undefined || above === undefined || parts.size !== 2 || !isMap(above)) {
    return problems.add(
      node,
      `a rate is a number, or {rate: 1.25, above: {200000: 2.50}} where a larger input has another`,
    );
  }
  const base = amountOf(rate, amount, problems);
  const tiers = keyed(above, problems).flatMap(({ key, value }) =>
    tierOf(key, value, amount, problems),
  );
  tiers.sort((a, b) => a.above - b.above);
  return base === undefined ? undefined : { base: base as Rate, tiers };
}

function tierOf(key: Node, value: Node, amount: Amount, problems: Problems): RateTier[] {
  const rate = amountOf(value, amount, problems);
  const above = Number((textOf(key) ?? "").replaceAll("_", "") || Number.NaN);
  if (!Number.isSafeInteger(above) || above < 1) {
    problems.add(key, "expected a number of input tokens, such as 200000");
    return [];
  }
  return rate === undefined ? [] : [{ above, rate: rate as Rate }];
}

const percentText = /^(\d{1,4}(?:\.\d+)?) ?%$/;

/** 100 % */
const whole = 1_000_000_000n;

/** What a discount or a surcharge leaves of a rate; `undefined` with a problem. */
export function shareOf(
  node: Node,
  kind: "discount" | "surcharge",
  problems: Problems,
): CellShare | undefined {
  const text = textOf(node)?.trim() ?? "";
  const [, number = ""] = percentText.exec(text) ?? [];
  const percent = number === "" ? undefined : exactFromText(number, 7);
  if (percent === undefined) {
    return problems.add(node, `a ${kind} is a percentage, such as 12%, not ${quoted(text)}`);
  }
  if (percent === "inexact") {
    return problems.add(node, `${quoted(text)} has too many decimals: at most 7 can be kept`);
  }
  if (kind === "discount" && percent > whole) {
    return problems.add(node, `a discount of ${number} % is more than the whole price`);
  }
  return kind === "discount"
    ? { of: whole - percent, in: whole, text: `${number} % off` }
    : { of: whole + percent, in: whole, text: `${number} % on top` };
}

/** `from` and `until` of an entry. */
export function periodOf(fields: Fields): Period {
  const from = instantAt(fields, "from");
  const until = instantAt(fields, "until");
  const node = fields.get("until");
  if (from !== undefined && until !== undefined && node !== undefined && until <= from) {
    fields.problems.add(
      node,
      "until is the first instant that it does not hold at: it must be after from",
    );
  }
  return { from, until };
}

const dateText =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

/** A date, which is midnight UTC, or an instant of RFC 3339 with its zone, in milliseconds since 1970. */
function instantAt(fields: Fields, name: string): number | undefined {
  const node = fields.get(name);
  if (node === undefined) return undefined;
  const text = textOf(node)?.trim() ?? "";
  const [, year, month, day] = dateText.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const millis = isDay ? Date.parse(text.toUpperCase().replace(" ", "T")) : Number.NaN;
  if (!Number.isNaN(millis)) return millis;
  const expected = "a date such as 2026-11-15, which is midnight UTC, or 2026-11-15T08:00:00+01:00";
  return fields.problems.add(node, `${quoted(text)} is no time: expected ${expected}`);
}
