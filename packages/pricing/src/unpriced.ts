import type { CellName } from "./price-card.ts";

/** Why a call has no cost. A script may group by it: the set is small whatever spans say. */
export type UnpricedReason =
  /** The span names no model. */
  | "no_model"
  /** The catalogue does not know the model. */
  | "unknown_model"
  /** The provider is known, and the catalogue has no prices of it. */
  | "unpriced_provider"
  /** The model runs on the user's own machines (Ollama, vLLM), where a token has no price. */
  | "self_hosted"
  /** The catalogue lists the model without a single price. */
  | "empty_card"
  /** Neither input nor output tokens are known, or one is unknown and the other 0. */
  | "no_usage"
  /** The counts contradict each other: cached more than input, or a count that is none. */
  | "contradictory_usage"
  /** The call has no usable start, so that nobody can say which price held. */
  | "no_time"
  /** More than a record can hold: above 999,999.999999999999 USD. */
  | "out_of_range"
  /** Tokens were used that the card has no rate for. */
  | `no_rate:${CellName}`
  /** The rate depends on the size of the input, which is unknown or above what the rate is published for. */
  | "no_rate:tier"
  /** Text, sound and image tokens have different rates, and the usage does not tell them apart. */
  | "no_rate:input_modality"
  | "no_rate:output_modality"
  /** Another than the standard service tier, which nobody has published a price for. */
  | `no_rate:service_tier=${string}`
  /** The price is a share of a machine's time, and the call does not say how long it took. */
  | "no_duration";

/** The cost is not known; it is never 0 and never a guess. The call is kept, a later price can be applied. */
export interface Unpriced {
  readonly kind: "unpriced";
  readonly reason: UnpricedReason;
}

export function unpriced(reason: UnpricedReason): Unpriced {
  return { kind: "unpriced", reason };
}
