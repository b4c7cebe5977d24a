import type { Usage } from "@spancost/semconv";
import type { CostParts } from "./cost.ts";
import type { Match } from "./price-card.ts";

/** What a call says of itself, as far as its price depends on it. */
export interface CallToPrice {
  /** As the span states it: "openai", "gcp.vertex_ai", "openai.responses", or anything else. */
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  /** Milliseconds since 1970. The price of that instant holds. */
  readonly startedAt: number | Date;
  readonly usage: Usage;
  /** The tier that served the call; where only the request's is known, that one. */
  readonly serviceTier: string | undefined;
  /** Whose bill it is on, and where it ran: contract prices may depend on them. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** How long the call took, in microseconds: what a share of a GPU's hour depends on. */
  readonly durationMicros?: number | undefined;
}

/** A use of a tool, as far as a price may depend on it. */
export interface ToolUse {
  readonly tool: string;
  readonly operation?: string | undefined;
  readonly provider?: string | undefined;
  /** Priced units that it used, where the span says so; unknown is one. */
  readonly units: number | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number | Date;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface Priced {
  readonly kind: "priced";
  readonly cost: CostParts;
  /**
   * The layers that went into the cost: "genai-prices@0.1.8", "genai-prices@0.1.8+overlay", "contract@1a2b3c4d5e6f",
   * "contract@1a2b3c4d5e6f+genai-prices@0.1.8" for a contract's discount on the catalogue.
   */
  readonly source: string;
  /** "openai/gpt-5-mini", "contract/qwen3-32b", "contract/tool/web_search"; what is doubtful about it follows a "#". */
  readonly priceId: string;
  /** `undefined` for a tool. */
  readonly match: Match | undefined;
}
