import { type Row, schemaOf } from "../../envelope/envelope.ts";
import { environmentLines } from "../../serving/environment-lines.ts";

/** What the page says about the receiver it belongs to. */
export interface ReceiverFacts {
  readonly version: string;
  readonly db: string;
  readonly otlpUrl: string;
  readonly startedAt: string;
  /** Where a trace can be seen whole, with `{trace_id}` in it; `undefined` where nobody said. */
  readonly traceLink: string | undefined;
}

/** They stay the same while the receiver runs. */
export function factsAnswer(facts: ReceiverFacts): Row {
  return {
    schema: schemaOf("page-receiver"),
    version: facts.version,
    db: facts.db,
    otlp_url: facts.otlpUrl,
    started_at: facts.startedAt,
    environment: environmentLines(facts.otlpUrl),
    trace_link: facts.traceLink ?? null,
  };
}
