import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { OtlpRequest } from "@spancost/receiver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Calls } from "../faults/load/calls.ts";
import { Ledger } from "../faults/load/ledger.ts";
import { Exporter, type Way } from "../faults/load/sending.ts";
import { violationsOf } from "../faults/oracle.ts";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import { Collector, type CollectorOptions, missing, sets } from "./collector.ts";
import { Relay } from "./relay.ts";
import { HttpSink } from "./sinks.ts";

/** A tenth of what the full run sends: SPANCOST_COLLECTOR_SPANS=200000 */
const spanCount = Number(process.env["SPANCOST_COLLECTOR_SPANS"] ?? 20_000);
const kills = 10;
const spansPerRequest = 200;

let folder: string;
let db: string;
let receiver: ReceiverProcess;
let collector: Collector | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-outage-"));
  db = join(folder, "costs.duckdb");
  receiver = await ReceiverProcess.start(db);
});
afterEach(async () => {
  await collector?.kill();
  await receiver.kill();
  rmSync(folder, { recursive: true });
});

/** Samplers go by the bits of a trace's id, which have to be as evenly spread as an SDK's. */
function withRandomTraces(request: OtlpRequest): OtlpRequest {
  const idOf = (traceId: string) => createHash("sha256").update(traceId).digest("hex").slice(0, 32);
  const resourceSpans = (request.resourceSpans ?? []).map((resource) => ({
    ...resource,
    scopeSpans: (resource.scopeSpans ?? []).map((scope) => ({
      ...scope,
      spans: (scope.spans ?? []).map((span) => ({ ...span, traceId: idOf(`${span.traceId}`) })),
    })),
  }));
  return { resourceSpans };
}

/** Sends what the ledger has, in requests that go out until the Collector takes them. */
async function sendTo(to: () => Collector, ledger: Ledger, ways: readonly Way[]): Promise<void> {
  await Promise.all(
    ways.map(async (way) => {
      const exporter = new Exporter();
      while (ledger.sent < spanCount) {
        const numbers = ledger.take(spansPerRequest);
        const request = withRandomTraces(ledger.calls.request(numbers));
        while ((await exporter.send(to().target, request, way)).kind !== "acked") await delay(50);
        ledger.ack(numbers);
      }
      exporter.close();
    }),
  );
}

/** Kills the receiver and starts it again, evenly over what is sent. */
async function killWhile(
  ledger: Ledger,
  relay: Relay,
  portOf: (receiver: ReceiverProcess) => number,
): Promise<void> {
  for (let nth = 1; nth <= kills; nth++) {
    while (ledger.acked < (spanCount * nth) / (kills + 1)) await delay(5);
    relay.port = undefined;
    await receiver.kill();
    receiver = await ReceiverProcess.start(db);
    relay.port = portOf(receiver);
  }
}

/** Waits until the receiver has as many spans as were sent, and tells what is wrong with them. */
async function differences(ledger: Ledger): Promise<string[]> {
  const until = performance.now() + Math.max(60_000, spanCount * 2);
  for (;;) {
    const [row] = await receiver.ask("select count(*) as n from spans");
    if (Number(row?.["n"]) >= ledger.sent || performance.now() > until) break;
    await delay(200);
  }
  return violationsOf((sql) => receiver.ask(sql), ledger);
}

const timeout = Math.max(120_000, spanCount * 4);

const paths = [
  {
    name: "gateway with tail sampling",
    protocol: "HTTP",
    endpoint: (relay: Relay) => ({ SPANCOST_ENDPOINT: `http://${relay.address}` }),
    portOf: ({ target }: ReceiverProcess) => Number(new URL(target.http).port),
  },
  {
    name: "agent",
    protocol: "gRPC",
    endpoint: (relay: Relay) => ({ SPANCOST_GRPC: relay.address }),
    portOf: ({ target }: ReceiverProcess) => Number(target.grpc.split(":")[1]),
  },
] as const;

describe.runIf(missing === undefined).each(paths)("$name, by $protocol", (path) => {
  test(
    `the receiver is killed ${kills} times while ${spanCount} spans come: none is lost or counted twice`,
    async () => {
      await using relay = await Relay.start();
      await using backend = await HttpSink.start();
      relay.port = path.portOf(receiver);
      const started = await Collector.start({
        files: sets[path.name],
        folder,
        env: { ...path.endpoint(relay), BACKEND_ENDPOINT: backend.url, SAMPLING_WAIT: "1s" },
      });
      collector = started;
      const ledger = new Ledger(new Calls(7, Date.now() - 3_600_000));
      const formats = [
        { format: "protobuf", gzip: true },
        { format: "grpc", gzip: true },
      ] as const;
      await Promise.all([
        sendTo(() => started, ledger, formats),
        killWhile(ledger, relay, path.portOf),
      ]);
      expect(await differences(ledger)).toEqual([]);
      if (path.name === "agent") return;
      // One trace in a hundred goes to the backend: the cost is whole all the same.
      const share = backend.spanIds.size / spanCount;
      expect(share).toBeGreaterThan(0.002);
      expect(share).toBeLessThan(0.03);
    },
    timeout,
  );
});

test.runIf(missing === undefined)(
  "a Collector that is killed while the receiver is away hands over what it had taken",
  async () => {
    await using relay = await Relay.start();
    await using backend = await HttpSink.start();
    const options: CollectorOptions = {
      files: sets.gateway,
      folder,
      env: { SPANCOST_ENDPOINT: `http://${relay.address}`, BACKEND_ENDPOINT: backend.url },
    };
    collector = await Collector.start(options);
    const ledger = new Ledger(new Calls(8, Date.now() - 3_600_000));
    const exporter = new Exporter();
    for (let nth = 0; nth < 20; nth++) {
      const numbers = ledger.take(100);
      const way = { format: "protobuf", gzip: false } as const;
      const outcome = await exporter.send(collector.target, ledger.calls.request(numbers), way);
      expect(outcome.kind).toBe("acked");
      ledger.ack(numbers);
    }
    exporter.close();
    await collector.kill();
    collector = await Collector.start({ ...options, ports: collector.ports });
    relay.port = Number(new URL(receiver.target.http).port);
    expect(await differences(ledger)).toEqual([]);
  },
);
