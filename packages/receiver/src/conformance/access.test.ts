import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { TokenBook } from "../access/token-book.ts";
import { mediaTypes } from "../request.ts";
import type { ReceiverOptions } from "../settings.ts";
import { frame, GrpcWire } from "../testing/grpc-wire.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";
import { bearer, testToken } from "../testing/tokens.ts";
import { bytesOf, hangUp, httpWays, named, pack, plainSuccess, ways } from "../testing/ways.ts";

const tokens = new TokenBook([
  testToken("plain"),
  testToken("support", { team: "support" }),
  testToken("search", { team: "search", scopes: ["write", "read"] }),
  testToken("reader", { scopes: ["read"] }),
  testToken("expired", { expiresAt: Date.now() - 1 }),
  testToken("lasting", { expiresAt: Date.now() + 3_600_000 }),
  testToken("slow", { bytesPerSecond: 1000 }),
]);

let running: RunningReceiver | undefined;
afterEach(async () => {
  hangUp();
  await running?.stop();
});

async function start(options: Partial<ReceiverOptions> = { tokens }): Promise<RunningReceiver> {
  running = await RunningReceiver.start(options);
  return running;
}

const oneSpan = sampleRequest(sampleSpan());

describe.each(named(ways))("%s:", (_, way) => {
  const body = pack(way, bytesOf(way, oneSpan));

  test.each<[string, Record<string, string>, number, string]>([
    ["no token", {}, 401, "a token is needed: Authorization: Bearer TOKEN"],
    ["an unknown token", bearer("nobody"), 401, "the token is not known here"],
    ["an expired token", bearer("expired"), 401, "the token has expired"],
    [
      "no bearer",
      { authorization: "Basic c2VjcmV0" },
      401,
      "a token is needed: Authorization: Bearer TOKEN",
    ],
    ["a token that only reads", bearer("reader"), 403, "the token does not allow to write"],
  ])("D02 %s is refused for good", async (_what, headers, status, message) => {
    const receiver = await start();
    expect(await way.sendPacked(receiver, body, headers)).toEqual({
      status,
      message,
      rejected: undefined,
      retryAfter: undefined,
    });
    expect([receiver.stored, receiver.errors]).toEqual([[], []]);
  });

  test.each(["plain", "lasting", "search"])("D02 the token %s is let in", async (name) => {
    const receiver = await start();
    expect(await way.sendPacked(receiver, body, bearer(name))).toEqual(plainSuccess);
    expect(receiver.stored).toHaveLength(1);
  });

  test("D02 the team comes from the token, whatever the spans say", async () => {
    const receiver = await start();
    const attributes = [{ key: "spancost.team", value: { stringValue: "search" } }];
    const claiming = sampleRequest(sampleSpan({ attributes }));
    const packed = pack(way, bytesOf(way, claiming));
    await way.sendPacked(receiver, packed, bearer("support"));
    await way.sendPacked(receiver, packed, bearer("plain"));
    expect(receiver.senders).toEqual([
      { name: "support", team: "support" },
      { name: "plain", team: undefined },
    ]);
  });

  test("D02 tokens are asked for before a body is looked at", async () => {
    const receiver = await start({ tokens, maxBodyBytes: 10 });
    const { status } = await way.sendPacked(receiver, Buffer.from("neither gzip nor OTLP"));
    expect(status).toBe(401);
  });

  test("D02 tokens that are replaced count from then on", async () => {
    const book = new TokenBook([testToken("old")]);
    const receiver = await start({ tokens: book });
    expect((await way.sendPacked(receiver, body, bearer("old"))).status).toBe(200);
    book.replace([testToken("new")]);
    expect((await way.sendPacked(receiver, body, bearer("old"))).status).toBe(401);
    expect((await way.sendPacked(receiver, body, bearer("new"))).status).toBe(200);
  });

  test("D03 a token that sends too fast is told to wait, and others are not", async () => {
    const receiver = await start({
      tokens: new TokenBook([testToken("slow", { bytesPerSecond: 1000 }), testToken("plain")]),
    });
    const large = pack(way, bytesOf(way, sampleRequest(...sampleSpans(100))));
    expect((await way.sendPacked(receiver, large, bearer("slow"))).status).toBe(200);
    expect(await way.sendPacked(receiver, body, bearer("slow"))).toEqual({
      status: 503,
      message: "the token allows 1000 bytes per second: try again, or send less",
      rejected: undefined,
      retryAfter: 1,
    });
    expect((await way.sendPacked(receiver, large, bearer("plain"))).status).toBe(200);
  });
});

test("without tokens the sender is its address, and belongs to no team", async () => {
  const receiver = await start({});
  await receiver.send("{}", { headers: { "Content-Type": mediaTypes.json } });
  expect(receiver.senders).toEqual([{ name: "127.0.0.1", team: undefined }]);
});

test("D02 a 401 says how to authenticate", async () => {
  const receiver = await start();
  const { status, headers } = await receiver.send("{}");
  expect([status, headers["www-authenticate"]]).toEqual([401, 'Bearer realm="spancost"']);
});

describe("D02 nothing of a body is read without a token:", () => {
  test("over HTTP, who waits to be asked for it is not asked", async () => {
    const receiver = await start();
    const head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const answer = await receiver.sendRaw(
      `${head}Content-Length: 1000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test("over gRPC, the call is answered before its message comes", async () => {
    const receiver = await start();
    const wire = new GrpcWire(receiver.grpcPort);
    const answer = await wire.call(Buffer.alloc(0), { end: false });
    expect(answer.code).toBe(16);
    expect((await wire.call(frame(Buffer.alloc(0)), { headers: bearer("plain") })).code).toBe(0);
    wire.close();
  });
});

describe("the token itself is in no answer:", () => {
  let texts: string;
  beforeAll(async () => {
    const receiver = await RunningReceiver.start({ tokens });
    const [way] = httpWays;
    if (way === undefined) throw new Error("no way");
    const answers = await Promise.all(
      ["nobody", "expired", "reader"].map((name) =>
        way.post(receiver, Buffer.alloc(0), { headers: bearer(name) }),
      ),
    );
    texts = answers.map(({ headers, body }) => JSON.stringify(headers) + body.toString()).join();
    await receiver.stop();
  });

  test("D02 an answer says why, not what", () => {
    expect(texts).toContain("the token is not known here");
    expect(texts).not.toContain("secret-of");
  });
});
