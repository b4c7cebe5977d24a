import { BoundedMemo } from "./bounded-memo.ts";
import type { Contract, ToolPrice } from "./contract/contract.ts";
import { fitsValue, holdsAt } from "./contract/patterns.ts";
import { fitsRecord, type PicoUsd, picoUsd } from "./money.ts";
import type { Priced, ToolUse } from "./priced.ts";
import { instantOf } from "./timeline.ts";

/** Tools in use at a time, each with its account and region. */
const memoSize = 1_000;

/** Longer texts are names of nothing; spans may hold anything where one is expected. */
const maxLength = 256;

/** What uses of tools cost by a contract. */
export class ToolPrices {
  readonly #contract: Contract | undefined;
  readonly #memo = new BoundedMemo<readonly ToolPrice[]>(memoSize);

  constructor(contract: Contract | undefined) {
    this.#contract = contract;
  }

  /**
   * So many units at the price of the first entry that fits and holds.
   *
   * `undefined` where no entry does, or where the units are no count.
   */
  of(use: ToolUse): Priced | undefined {
    if (this.#contract === undefined || this.#contract.tools.length === 0) return undefined;
    const at = instantOf(use.startedAt);
    const units = use.units ?? 1;
    if (at === undefined || !Number.isSafeInteger(units) || units < 0) return undefined;
    const price = this.#fitting(use).find((entry) => holdsAt(entry, at));
    if (price === undefined) return undefined;
    const other = picoUsd(BigInt(units) * price.picoUsd);
    return fitsRecord(other) ? pricedAs(use, other, this.#contract.contractId) : undefined;
  }

  /** The entries for this tool, of whatever time. */
  #fitting(use: ToolUse): readonly ToolPrice[] {
    const scope = [use.tool, use.operation, use.provider, use.account, use.region].map(textOf);
    const key = JSON.stringify(scope);
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const [tool, operation, provider, account, region] = scope;
    const entries = (this.#contract?.tools ?? []).filter(
      (entry) =>
        fitsValue(entry.tool, tool) &&
        fitsValue(entry.operation, operation) &&
        fitsValue(entry.provider, provider) &&
        fitsValue(entry.account, account) &&
        fitsValue(entry.region, region),
    );
    this.#memo.set(key, entries);
    return entries;
  }
}

function pricedAs({ tool }: ToolUse, other: PicoUsd, id: string): Priced {
  const none = { input: undefined, cacheRead: undefined, cacheWrite: undefined, output: undefined };
  return {
    kind: "priced",
    cost: { ...none, other, total: other },
    source: `contract@${id}`,
    priceId: `contract/tool/${tool}`,
    match: undefined,
  };
}

function textOf(value: string | undefined): string | undefined {
  return typeof value === "string" && value.length <= maxLength ? value : undefined;
}
