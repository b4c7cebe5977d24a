import {
  type Contract,
  type ContractPrice,
  formatRate,
  type ModelAlias,
  type Patterns,
  type Period,
  picoUsd,
  plainUsd,
  type TieredRate,
  type ToolPrice,
} from "@spancost/pricing";
import type { Row } from "../envelope/envelope.ts";
import { instantAt } from "../flags/time.ts";
import { numberText } from "../render/cells.ts";

/** What a contract holds, an entry a row: models, then tools, then aliases, each in the order of the file. */
export function contractRows({ prices, tools, aliases }: Contract): Row[] {
  return [...prices.map(priceRow), ...tools.map(toolRow), ...aliases.map(aliasRow)];
}

function priceRow(price: ContractPrice): Row {
  return {
    kind: "price",
    entry: price.name,
    scope: scopeOf(price, ["provider", "model", "account", "region", "tier"]),
    ...periodOf(price),
    price: termsOf(price),
  };
}

function toolRow(tool: ToolPrice): Row {
  return {
    kind: "tool",
    entry: tool.name,
    scope: scopeOf(tool, ["tool", "operation", "provider", "account", "region"]),
    ...periodOf(tool),
    price: `$${plainUsd(picoUsd(tool.picoUsd))} a use`,
  };
}

function aliasRow({ provider, model, is, at }: ModelAlias): Row {
  return {
    kind: "alias",
    entry: (model ?? []).join(", "),
    scope: scopeOf({ provider }, ["provider"]),
    from: null,
    until: null,
    price: at === undefined ? `as ${is}` : `as ${is} of ${at}`,
  };
}

function scopeOf<Name extends string>(
  scope: Readonly<Partial<Record<Name, Patterns>>>,
  names: readonly Name[],
): string {
  const parts = names.flatMap((name) => {
    const patterns = scope[name];
    return patterns === undefined ? [] : [`${name} ${patterns.join(" or ")}`];
  });
  return parts.join(", ") || "all";
}

function periodOf({ from, until }: Period): { readonly from: string | null; until: string | null } {
  return {
    from: from === undefined ? null : instantAt(from),
    until: until === undefined ? null : instantAt(until),
  };
}

/** "$2.2", or "$2.2 ($4.4 above 272,000 input tokens)". */
function rateText({ base, tiers }: TieredRate): string {
  const others = tiers.map(
    ({ above, rate }) => `$${formatRate(rate)} above ${numberText(above)} input tokens`,
  );
  return `$${formatRate(base)}${others.length === 0 ? "" : ` (${others.join(", ")})`}`;
}

function termsOf({ terms }: ContractPrice): string {
  switch (terms.kind) {
    case "rates":
      return Object.entries(terms.cells)
        .map(([cell, rate]) => `${cell} ${rateText(rate)}`)
        .join(", ");
    case "share": {
      const cells = Object.entries(terms.cells);
      const [text] = new Set(cells.map(([, share]) => share.text));
      const same = cells.every(([, share]) => share.text === text);
      return same ? (text ?? "") : cells.map(([cell, share]) => `${cell} ${share.text}`).join(", ");
    }
    case "gpu_hour":
      return `$${plainUsd(picoUsd(terms.picoUsd))} an hour of a call's machine, ${Number(terms.microCalls) / 1e6} calls at once`;
  }
}
