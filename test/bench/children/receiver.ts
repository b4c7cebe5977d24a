// The receiver as it is, with reading and pricing, in front of a sink that keeps nothing.
import { createPriceBook } from "@spancost/pricing";
import { createReceiver } from "@spancost/receiver";
import { toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { answerWithCpu } from "../child.ts";

const prices = createPriceBook();
const receiver = createReceiver({
  keepAttribute,
  read: (span) => toSpanFacts(span, prices),
  sink: { append: async () => undefined },
  onError: (error) => console.error(error),
});
const http = await receiver.listen("127.0.0.1", 0);
const grpc = await receiver.grpc.listen("127.0.0.1", 0);
answerWithCpu({ http: http.port, grpc: grpc.port });
