import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { JsonDecoder } from "./decode-json.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { encodeRequest } from "./encode-request.ts";
import { Admitted } from "./gate.ts";
import { RowIntake } from "./intake.ts";
import { type BodyFormat, RequestError } from "./request.ts";
import type { SpanSink } from "./sink.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const options = { keepAttribute: () => true, read: ({ name }: { name: string }) => name };
const decoders = { protobuf: new ProtobufDecoder(options), json: new JsonDecoder(options) };

/** An intake before a sink that takes rows in parts, and what was done there. */
function watched({ maxSpans = 1000, refuses = "" } = {}) {
  const done: string[] = [];
  const sink: SpanSink<string> = {
    append: async () => undefined,
    begin() {
      done.push("begin");
      return {
        add(rows) {
          if (rows.includes(refuses)) throw new RangeError("a row that cannot be kept");
          done.push(`add ${rows.length}`);
        },
        async finish() {
          await turn();
          done.push("finish");
        },
        cancel: () => done.push("cancel"),
      };
    },
  };
  const intake = new RowIntake<string>({
    decoders,
    maxBodyBytes: 1e6,
    maxSpans,
    sink,
    onError: (error) => done.push(String(error)),
  });
  const take = (format: BodyFormat, bytes: Buffer) =>
    intake
      .take(
        { bytes, format, encoding: "identity", hops: 0 },
        new Admitted(new ByteBudget(1e8), { name: "someone", team: undefined }, () => undefined),
      )
      .then(
        ({ stored }) => stored,
        (error: unknown) => (error instanceof RequestError ? error.status : (error as Error).name),
      );
  return { done, take };
}

const request = sampleRequest(...Array.from({ length: 40 }, () => sampleSpan({ name: "a" })));
const whole = {
  protobuf: Buffer.from(encodeRequest(request)),
  json: Buffer.from(JSON.stringify(request)),
} as const;

for (const format of ["protobuf", "json"] as const) {
  test(`what is read of ${format} is given to the sink bit by bit`, async () => {
    const { done, take } = watched();
    expect(await take(format, whole[format])).toBe(40);
    expect(done).toEqual(["begin", "add 16", "add 16", "add 8", "finish"]);
  });

  test(`whatever is wrong with ${format}, what was begun is cancelled once`, async () => {
    const bytes = whole[format];
    for (const length of [1, 2, 100, bytes.length >> 1, bytes.length - 1]) {
      const { done, take } = watched();
      expect(await take(format, bytes.subarray(0, length))).toBe("DecodeError");
      expect([done[0], done.at(-1)]).toEqual(["begin", "cancel"]);
      expect(done.filter((each) => !each.startsWith("add"))).toEqual(["begin", "cancel"]);
    }
  });

  test(`too many spans of ${format}, and those that cannot be kept, are cancelled too`, async () => {
    const many = watched({ maxSpans: 39 });
    expect(await many.take(format, whole[format])).toBe(413);
    expect(many.done.at(-1)).toBe("cancel");
    const refused = watched({ refuses: "a" });
    expect(await refused.take(format, whole[format])).toBe(503);
    expect(refused.done.at(-1)).toBe("cancel");
  });
}
