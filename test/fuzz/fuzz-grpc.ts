import { connect, constants, type OutgoingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";
import { Random } from "../../packages/cli/src/demo/random.ts";
import { Inputs } from "./inputs.ts";
import { mutateBytes, whole } from "./mutate-bytes.ts";

/** What gRPC may answer to anything: OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL. */
const expected = new Set(["0", "3", "8", "12", "13"]);

/** A twentieth of the requests, at least so many. */
const least = 100;
const patienceMs = 5_000;

/**
 * Messages in frames that are right, cut, mutated, compressed or said to be, several or none.
 *
 * @param found told of what must not happen
 * @returns how often each gRPC status came
 */
export async function fuzzGrpc(
  address: string,
  { requests, seed }: { readonly requests: number; readonly seed: number },
  found: (fault: string, input: Uint8Array) => void,
): Promise<Record<string, number>> {
  const random = new Random(seed);
  const inputs = new Inputs("protobuf", seed);
  const statuses: Record<string, number> = {};
  let session = connect(`http://${address}`);
  session.on("error", () => undefined);
  for (let nth = 0; nth < Math.max(least, requests / 20); nth++) {
    if (session.destroyed || session.closed) {
      session = connect(`http://${address}`);
      session.on("error", () => undefined);
    }
    const { body, headers } = callOf(inputs.next(), random);
    const status = await statusOf(session, body, headers);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (!expected.has(status)) found(`gRPC: ${status}`, body);
  }
  session.close();
  return statuses;
}

function callOf(
  input: Uint8Array,
  random: Random,
): { body: Uint8Array; headers: OutgoingHttpHeaders } {
  const isZipped = random.chance(0.3);
  const message = isZipped ? gzipSync(input, { level: 1 }) : input;
  const frame = Buffer.alloc(5 + message.byteLength);
  frame[0] = isZipped ? 1 : 0;
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, 5);
  const kinds: readonly [() => Uint8Array, ...(() => Uint8Array)[]] = [
    () => frame,
    () => frame,
    () => frame.subarray(0, whole(random, frame.byteLength)),
    () => mutateBytes(frame.subarray(0, 5), frame, random),
    () => Buffer.concat([frame, frame]),
    () => mutateBytes(frame, frame, random),
  ];
  const headers = {
    ":method": "POST",
    ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "content-type": "application/grpc",
    te: "trailers",
    // Now and then it is compressed and does not say so, or the other way round.
    ...(isZipped !== random.chance(0.05) && { "grpc-encoding": "gzip" }),
  };
  return { body: random.pick(kinds)(), headers };
}

function statusOf(
  session: ReturnType<typeof connect>,
  body: Uint8Array,
  headers: OutgoingHttpHeaders,
): Promise<string> {
  return new Promise((settle) => {
    const stream = session.request(headers);
    const noAnswer = setTimeout(() => {
      stream.close(constants.NGHTTP2_CANCEL);
      settle("no answer");
    }, patienceMs);
    const done = (status: string) => {
      clearTimeout(noAnswer);
      settle(status);
    };
    stream.on("response", (answer) => {
      if (answer["grpc-status"] !== undefined) done(String(answer["grpc-status"]));
    });
    stream.on("trailers", (trailers) => done(String(trailers["grpc-status"])));
    stream.on("error", (error) => done(`broken: ${(error as NodeJS.ErrnoException).code}`));
    stream.on("close", () => done("closed without a status"));
    stream.resume();
    stream.end(body);
  });
}
