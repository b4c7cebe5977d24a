import { detectionRow, withDetection } from "../../commands/detection-row.ts";
import { segmentQueries } from "../../commands/segment-queries.ts";
import { type Envelope, type Row, schemaOf } from "../../envelope/envelope.ts";
import type { PageQuestion } from "./page-question.ts";

/** Whether the last 24 hours that are stored hold a spike: what `explain` looks for first, without the explanation. */
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
      const { question, detection } = await withDetection(reader, segmentQueries(reader), {});
      const { since, until } = question;
      const window = since === undefined || until === undefined ? null : { since, until };
      const found = detectionRow(detection);
      return { schema: schemaOf("page-spike"), window, detection: found, rows: [], warnings: [] };
    },
};
