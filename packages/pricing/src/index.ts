export type { Candidate } from "./candidates.ts";
export { catalogueVersion } from "./catalogue-version.ts";
export type {
  CellShare,
  Contract,
  ContractPrice,
  ModelAlias,
  Patterns,
  Period,
  Terms,
  ToolPrice,
} from "./contract/contract.ts";
export type { CostParts } from "./cost.ts";
export { comparedUsd, exactUsd, plainUsd, shortUsd } from "./format-money.ts";
export { lettersBetween } from "./letters-between.ts";
export type { MatchedBy } from "./matched-by.ts";
export type { PicoUsd } from "./money.ts";
export {
  addUsd,
  fitsRecord,
  maxRecordUsd,
  picoUsd,
  usdFromNumber,
  usdFromText,
  zeroUsd,
} from "./money.ts";
export { overlayRows } from "./overlay/overlay.ts";
export type { CardQuery, PriceBook, PriceBookOptions } from "./price-book.ts";
export { createPriceBook } from "./price-book.ts";
export type {
  Cell,
  CellName,
  Effective,
  GpuHour,
  Match,
  NotCounted,
  OutputModalities,
  PriceCard,
} from "./price-card.ts";
export { cellNames, pieceCells, tokenCells } from "./price-card.ts";
export type { CallToPrice, Priced, ToolUse } from "./priced.ts";
export type { Provider } from "./providers.ts";
export { catalogueProviderIds, providerNamed } from "./providers.ts";
export type { Rate, RateTier, TieredRate } from "./rates.ts";
export { formatRate, rateAt } from "./rates.ts";
export type { Unpriced, UnpricedReason } from "./unpriced.ts";
export { usdNumber } from "./usd-number.ts";
