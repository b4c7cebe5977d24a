import { afterEach, describe, expect, test } from "vitest";
import type { ReceiverOptions } from "../settings.ts";
import { HeldSink } from "../testing/held-sink.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import { bytesOf, grpcWays, hangUp, httpWays, named, plainSuccess, send } from "../testing/ways.ts";

let running: RunningReceiver | undefined;
afterEach(async () => {
  hangUp();
  await running?.stop();
});

async function start(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
  running = await RunningReceiver.start(options);
  return running;
}

const oneSpan = sampleRequest(sampleSpan());

describe.each(named([...httpWays.slice(0, 1), ...grpcWays.slice(0, 1)]))("%s:", (_, way) => {
  test("close answers what is in flight, then takes no more", async () => {
    const sink = new HeldSink();
    const receiver = await start({ sink });
    const inFlight = send(way, receiver, oneSpan);
    await expect.poll(() => sink.begun).toBe(1);
    const closed = receiver.receiver.close();
    sink.release();
    expect(await inFlight).toEqual(plainSuccess);
    await closed;
    await expect(send(way, receiver, oneSpan)).rejects.toThrow(/ECONNREFUSED|cut off/);
  });

  test("close ends connections that only wait for a next request", async () => {
    const receiver = await start();
    await send(way, receiver, oneSpan);
    const started = performance.now();
    await Promise.all([receiver.receiver.close(), receiver.receiver.close()]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("close cuts off what takes too long", async () => {
    const sink = new HeldSink();
    const receiver = await start({ sink, timeouts: { close: 100 } });
    const inFlight = send(way, receiver, oneSpan);
    const cutOff = expect(inFlight).rejects.toThrow(/socket hang up|ECONNRESET|cut off/);
    await expect.poll(() => sink.begun).toBe(1);
    await receiver.receiver.close();
    await cutOff;
  });
});

test("an answer while closing tells the sender to close its connection", async () => {
  const sink = new HeldSink();
  const receiver = await start({ sink });
  const [way] = httpWays;
  if (way === undefined) throw new Error("no way");
  const inFlight = way.post(receiver, bytesOf(way, oneSpan));
  await expect.poll(() => sink.begun).toBe(1);
  const closed = receiver.receiver.close();
  sink.release();
  const { status, headers } = await inFlight;
  expect([status, headers.connection]).toEqual([200, "close"]);
  await closed;
});

test("a receiver that never listened closes", async () => {
  await new RunningReceiver({}).receiver.close();
});
