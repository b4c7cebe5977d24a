import { catalogueVersion, createPriceBook, type PriceBook } from "@spancost/pricing";
import type { SpanSink } from "@spancost/receiver";
import { priceFacts, type Span, toSpanFacts } from "@spancost/records";
import { Store } from "@spancost/store";
import { contractOf } from "./contract-file.ts";
import type { LoadedContract, PriceDesk, RepricedRun, RepriceQuestion } from "./ports.ts";

/** How the parts are put together: bytes → spans → priced facts → the store. */
export class Pipeline implements PriceDesk {
  readonly store: Store;
  /** Prices spans and stores them; durable once it resolves. */
  readonly sink: SpanSink;
  #prices: PriceBook;
  #contractId: string | undefined;

  private constructor(store: Store, prices: PriceBook, contractId: string | undefined) {
    this.store = store;
    this.#prices = prices;
    this.#contractId = contractId;
    this.sink = {
      append: (spans: readonly Span[]) =>
        store.append(spans.map((span) => toSpanFacts(span, this.#prices))),
    };
  }

  /**
   * Opens a database file, or `:memory:`. The contract that was loaded into it last prices what arrives.
   *
   * @throws StoreInUseError where another process has it
   */
  static async open(file: string): Promise<Pipeline> {
    const store = await Store.open(file);
    try {
      const stored = await store.contract();
      if (stored === undefined) return new Pipeline(store, createPriceBook(), undefined);
      const { contract } = await contractOf(stored.text, stored.fileName);
      return new Pipeline(store, createPriceBook({ contract }), stored.contractId);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Today's prices: the contract's, then the overlay's, then the catalogue's. */
  get prices(): PriceBook {
    return this.#prices;
  }

  async loadContract(text: string, fileName: string): Promise<LoadedContract> {
    const { contract, warnings } = await contractOf(text, fileName);
    const known = contract.contractId === this.#contractId;
    if (!known) await this.store.loadContract({ contractId: contract.contractId, fileName, text });
    this.#prices = createPriceBook({ contract });
    this.#contractId = contract.contractId;
    return { contract, warnings, known };
  }

  async reprice({ since, until, contract: tried }: RepriceQuestion): Promise<RepricedRun> {
    const read = tried === undefined ? undefined : await contractOf(tried.text, tried.fileName);
    const contract = read?.contract;
    const prices = contract === undefined ? this.#prices : createPriceBook({ contract });
    const contractId = contract === undefined ? this.#contractId : contract.contractId;
    const { source: catalogue, sha256: catalogueSha256 } = catalogueVersion;
    const order = { catalogue, catalogueSha256, contractId, since, until };
    const run = await this.store.reprice(order, (facts) => priceFacts(facts, prices));
    return { ...run, catalogue, contractId };
  }

  choosePricingRun(runId: number): Promise<boolean> {
    return this.store.choosePricingRun(runId);
  }
}
