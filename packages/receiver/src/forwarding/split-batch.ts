import { ProtobufReader } from "../protobuf-reader.ts";
import type { Batch } from "./batch-queue.ts";
import { gunzip, gzip } from "./gzip.ts";
import { requestTags, resourceSpansTags, scopeSpansTags } from "./wire.ts";

/**
 * `batch` in two of about half its size, cut between the spans of two resources; nothing where it has only one.
 *
 * So that a request which the endpoint refuses does not take those of other senders with it.
 */
export async function splitBatch(batch: Batch): Promise<[Batch, Batch] | undefined> {
  const bytes = await gunzip(batch.gzip);
  const cut = middleOf(bytes);
  if (cut === undefined) return undefined;
  const [first, second] = [bytes.subarray(0, cut), bytes.subarray(cut)];
  return [
    { ...batch, gzip: await gzip(first), spans: spansIn(first) },
    { ...batch, gzip: await gzip(second), spans: spansIn(second) },
  ];
}

/** Where the field ends that reaches or passes the middle, or the one before it where that is the last. */
function middleOf(bytes: Buffer): number | undefined {
  const reader = new ProtobufReader(bytes);
  let cut: number | undefined;
  while (reader.more()) {
    reader.skip(reader.tag());
    if (reader.position < bytes.byteLength) cut = reader.position;
    if (reader.position * 2 >= bytes.byteLength) break;
  }
  return cut;
}

function spansIn(request: Buffer): number {
  const reader = new ProtobufReader(request);
  let spans = 0;
  while (reader.find(requestTags.resourceSpans)) {
    const requestEnd = reader.enter();
    while (reader.find(resourceSpansTags.scopeSpans)) {
      const resourceSpansEnd = reader.enter();
      while (reader.find(scopeSpansTags.spans)) {
        reader.field();
        spans += 1;
      }
      reader.leave(resourceSpansEnd);
    }
    reader.leave(requestEnd);
  }
  return spans;
}
