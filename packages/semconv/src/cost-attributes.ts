/** Names of the attributes that say what a call cost. spancost writes them into spans, and reads them. */
export const costAttributes = {
  /** Our cost in USD. */
  total: "spancost.cost.usd",
  /** The same, under the name that Langfuse, OpenLIT and SigNoz read. Other emitters write theirs there. */
  shared: "gen_ai.usage.cost",
  input: "spancost.cost.input_usd",
  cacheRead: "spancost.cost.cache_read_usd",
  cacheWrite: "spancost.cost.cache_write_usd",
  output: "spancost.cost.output_usd",
  other: "spancost.cost.other_usd",
  priceId: "spancost.price.id",
  unpricedReason: "spancost.unpriced_reason",
  /** What the sender had under `shared`, where ours took its place. */
  reported: "spancost.reported_cost_usd",
} as const;
