import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Collector, missing } from "../../collector/collector.ts";
import { cpuOfProcess } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import { readRequests, writeRequests } from "../requests.ts";
import { sendAll } from "../sender.ts";
import { Serve } from "../serve.ts";

/** Spans that are sent first, and not counted. */
const warmingUp = 20_480;

/** What a Collector does with the spans: nothing, a file, or what goes before spancost in its configurations. */
const pipelines = {
  "Collector, otlp → nop": { processors: "", exporter: "nop" },
  "Collector, otlp → file": { processors: "", exporter: "file" },
  "Collector, otlp → cost-only.yaml → nop": {
    processors:
      "transform/cost_answers, transform/cost_only, filter/cost_only, transform/cost_events",
    exporter: "nop",
  },
} as const;

/** What is sent to, whatever it is. */
interface Peer {
  readonly port: number;
  /** Microseconds so far. */
  cpu(): number;
}

/** The same load into the Collector and into `spancost serve`: spans a second, and CPU a span. */
export async function collectorPart(
  findings: Findings,
  folder: string,
  spans: number,
): Promise<void> {
  const shape = { requests: Math.ceil(spans / 512), spansPerRequest: 512, content: false };
  const bodies = readRequests(writeRequests(folder, "collector", shape).file);
  if (missing === undefined) {
    for (const [name, pipeline] of Object.entries(pipelines)) {
      const collector = await startCollector(folder, name, pipeline);
      const cpu = () => cpuOfProcess(collector.pid);
      await measure(findings, name, bodies, { port: collector.ports.http, cpu });
      await collector.kill();
    }
  } else console.log(`  ${missing}`);
  const receiver = await Serve.start(join(folder, "beside-collector.duckdb"));
  const peer = { port: receiver.port, cpu: () => receiver.cpu() };
  const before = await measure(findings, "spancost, durable and acknowledged", bodies, peer);
  await receiver.caughtUp();
  const counted = bodies.length * 512 - warmingUp;
  findings.tell("spancost, settled, CPU", (receiver.cpu() - before) / counted, "µs CPU a span");
  await receiver.stop();
}

function startCollector(
  folder: string,
  name: string,
  { processors, exporter }: { processors: string; exporter: string },
): Promise<Collector> {
  const own = join(folder, name.replaceAll(/\W+/g, "-"));
  mkdirSync(own);
  const file = join(own, "pipeline.yaml");
  writeFileSync(
    file,
    `receivers:
  otlp:
    protocols:
      http:
        endpoint: \${env:OTELCOL_HTTP}
exporters:
  nop:
  file:
    path: ${join(own, "traces.jsonl")}
service:
  telemetry:
    metrics:
      level: none
  pipelines:
    traces:
      receivers: [otlp]
      processors: [${processors}]
      exporters: [${exporter}]
`,
  );
  const shared = processors === "" ? [] : ["cost-only.yaml"];
  return Collector.start({ files: [...shared, file], folder: own });
}

/** @returns the CPU that was used before what is counted */
async function measure(
  findings: Findings,
  name: string,
  bodies: readonly Buffer[],
  peer: Peer,
): Promise<number> {
  const first = warmingUp / 512;
  await sendAll(bodies.slice(0, first), { port: peer.port });
  const counted = bodies.slice(first);
  const spans = counted.length * 512;
  const before = peer.cpu();
  const started = performance.now();
  await sendAll(counted, { port: peer.port });
  const seconds = (performance.now() - started) / 1000;
  findings.tell(`${name}, CPU`, (peer.cpu() - before) / spans, "µs CPU a span");
  findings.tell(`${name}, by the clock`, spans / seconds, "spans/s");
  return before;
}
