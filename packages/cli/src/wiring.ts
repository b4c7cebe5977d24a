import { catalogueVersion, createPriceBook, type PriceBook } from "@spancost/pricing";
import { priceFacts, type SpanFacts, type SpanReader, toSpanFacts } from "@spancost/records";
import { dayAt, Store, type StoreOptions } from "@spancost/store";
import type { ArchiveAsked, ArchivedDate, Archivist } from "./commands/archive-port.ts";
import { contractOf } from "./contract-file.ts";
import type { LoadedContract, PriceDesk, RepricedRun, RepriceQuestion } from "./ports.ts";

/** How the parts are put together: bytes → spans → priced facts → the store. */
export class Pipeline implements PriceDesk, Archivist {
  readonly store: Store;
  /** Reads and prices a span by today's prices. */
  readonly read: SpanReader<SpanFacts>;
  #prices: PriceBook;
  #contractId: string | undefined;

  private constructor(store: Store, prices: PriceBook, contractId: string | undefined) {
    this.store = store;
    this.#prices = prices;
    this.#contractId = contractId;
    this.read = (span) => toSpanFacts(span, this.#prices);
  }

  /**
   * Opens a database file, or `:memory:`. The contract that was loaded into it last prices what arrives.
   *
   * @throws StoreInUseError where another process has it
   */
  static async open(file: string, options: StoreOptions = {}): Promise<Pipeline> {
    const store = await Store.open(file, options);
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
    const contractId = contract?.contractId ?? this.#contractId;
    const { source: catalogue, sha256: catalogueSha256 } = catalogueVersion;
    const order = { catalogue, catalogueSha256, contractId, since, until };
    const run = await this.store.reprice(order, (facts) => priceFacts(facts, prices));
    return { ...run, catalogue, contractId };
  }

  archive({ folder, until, drop }: ArchiveAsked): Promise<readonly ArchivedDate[]> {
    return this.store.archive({ folder, until: dayAt(until), drop });
  }

  choosePricingRun(runId: number): Promise<boolean> {
    return this.store.choosePricingRun(runId);
  }
}
