import { detectionRow } from "../../commands/detection-row.ts";
import { detect, judgeDetected } from "../../commands/judge-detected.ts";
import { segmentQueries } from "../../commands/segment-queries.ts";
import { type Envelope, type Row, schemaOf } from "../../envelope/envelope.ts";
import type { PageQuestion } from "./page-question.ts";

/** Whether the last 24 hours that are stored hold a spike: what `explain` looks for first, and the window that it explains then. */
export type SpikeEnvelope = Envelope & {
  /** As in `explain`; `null` where no call is stored. */
  readonly detection: Row | null;
};

export const spike: PageQuestion = {
  name: "spike",
  takes: [],
  needsStore: () => true,
  prepare:
    () =>
    async ({ reader }): Promise<SpikeEnvelope> => {
      const queries = segmentQueries(reader);
      const detection = await detect(reader, queries, {});
      const answer = { schema: schemaOf("page-spike"), rows: [], warnings: [] };
      if (detection?.kind !== "found") {
        return {
          ...answer,
          window: null,
          detection: detectionRow({ detection, isWidened: false }),
        };
      }
      const detected = await judgeDetected(queries, {}, detection);
      const { since, until } = detected.question;
      const window = since === undefined || until === undefined ? null : { since, until };
      return { ...answer, window, detection: detectionRow(detected) };
    },
};
