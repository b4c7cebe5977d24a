// What has to be done in any case, in one process and in large groups: inflate, decode, read, price, append, commit.
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { Store } from "@spancost/store";
import { inflate } from "../../../packages/receiver/src/inflate.ts";
import { ownCpu } from "../cpu.ts";
import { readRequests } from "../requests.ts";

const [, , requestsFile = "", databaseFile = ""] = process.argv;

/** Spans in a commit. A commit has a fixed cost, which is then a tenth or less of the whole. */
const groupSpans = 8192;

const bodies = readRequests(requestsFile);
const prices = createPriceBook();
const decoder = new ProtobufDecoder({ keepAttribute, read: (span) => toSpanFacts(span, prices) });
const decode = (body: Buffer) => decodeRequest(decoder, inflate(body, 64 * 1024 * 1024)).spans;

const store = await Store.open(databaseFile);
// What is compiled once is not counted, as in the receiver that this is compared with.
for (const body of bodies.slice(0, 20)) decode(body);
const begun = ownCpu();
let group: SpanFacts[] = [];
for (const body of bodies) {
  for (const facts of decode(body)) group.push(facts);
  if (group.length < groupSpans) continue;
  await store.append(group);
  group = [];
}
await store.append(group);
const appended = ownCpu() - begun;
await store.settle();
process.send?.({ appended, settled: ownCpu() - begun });
await store.close();
process.exit(0);
