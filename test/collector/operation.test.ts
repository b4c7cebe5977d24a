import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { Calls } from "../faults/load/calls.ts";
import { Exporter } from "../faults/load/sending.ts";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import { runCommand } from "../flow/command.ts";
import { Collector, missing, sets } from "./collector.ts";
import { GrpcSink } from "./sinks.ts";

const folder = "collector-config";
const text = (file: string) => readFileSync(join(folder, file), "utf8");

/** Runs a checker of somebody else's, or tells why it was not. */
function checked(program: string, args: readonly string[], skip: (note: string) => void): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) skip(`no ${program} here: ${args.join(" ")} was not run`);
  const words = stdout + stderr;
  return status === 0 ? "" : words;
}

describe("Prometheus", () => {
  const inPrometheus = (file: string) => resolve(folder, "prometheus", file);

  test("promtool finds the rules good, and their alerts fire when they should", ({ skip }) => {
    expect(checked("promtool", ["check", "rules", inPrometheus("rules.yaml")], skip)).toBe("");
    expect(checked("promtool", ["test", "rules", inPrometheus("rules.test.yaml")], skip)).toBe("");
    expect(checked("promtool", ["check", "config", inPrometheus("prometheus.yaml")], skip)).toBe(
      "",
    );
  });

  interface Rules {
    readonly groups: readonly {
      readonly rules: readonly { readonly expr: string; readonly record?: string }[];
    }[];
  }
  interface Dashboard {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  }
  const rules = (parse(text("prometheus/rules.yaml")) as Rules).groups.flatMap(
    (group) => group.rules,
  );
  const dashboard = JSON.parse(text("grafana/spancost.json")) as Dashboard;
  const asked = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];

  /** Names of metrics in an expression, without those of functions, labels and values. */
  function metricsIn(expression: string): string[] {
    const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, " ");
    return bare.match(/\b(?:spancost|otelcol)[\w:]*/g) ?? [];
  }

  test("its rules and the dashboard ask for nothing that their parts do not tell", async ({
    skip,
  }) => {
    if (missing !== undefined) return skip(missing);
    const work = mkdtempSync(join(tmpdir(), "spancost-metrics-"));
    const receiver = await ReceiverProcess.start(join(work, "costs.duckdb"));
    await using sink = await GrpcSink.start();
    const collector = await Collector.start({
      files: sets["agent with counters"],
      folder: work,
      env: { SPANCOST_GRPC: `127.0.0.1:${sink.port}` },
    });
    const request = new Calls(13, Date.now() - 60_000).request([1, 2, 3, 4]);
    const exporter = new Exporter();
    for (const target of [receiver.target, collector.target]) {
      await exporter.send(target, request, { format: "protobuf", gzip: false });
    }
    exporter.close();
    await receiver.ask("select count(*) from cost_records");
    const pages = [
      `${receiver.url}/metrics`,
      `http://127.0.0.1:${collector.ports.metrics}/metrics`,
      `http://127.0.0.1:${collector.ports.counters}/metrics`,
    ];
    const told = new Set(rules.flatMap(({ record }) => record ?? []));
    for (const page of pages) {
      const lines = (await (await fetch(page)).text()).split("\n");
      for (const line of lines) {
        const [, help] = /^# TYPE (\S+)/.exec(line) ?? [];
        told.add(help ?? /^[\w:]+/.exec(line)?.[0] ?? "");
      }
    }
    await collector.kill();
    await receiver.kill();
    rmSync(work, { recursive: true });
    const names = [...new Set(asked.flatMap(metricsIn))];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  });
});

test("every variable that a configuration takes is named at its top", () => {
  for (const file of new Set(Object.values(sets).flat())) {
    const top = /^(?:#.*\n)*/.exec(text(file))?.[0] ?? "";
    const names = [...text(file).matchAll(/\$\{env:(\w+)/g)].map(([, name = ""]) => name);
    expect([file, names.filter((name) => !top.includes(name))]).toEqual([file, []]);
  }
});

describe("deployment", () => {
  interface Compose {
    readonly services: Readonly<
      Record<string, { image?: string; command: readonly string[]; volumes?: readonly string[] }>
    >;
  }
  const compose = parse(text("deploy/compose.yaml")) as Compose;
  const kubernetes = parseAllDocuments(text("deploy/kubernetes.yaml"));
  const release = /^ {2}version: (\S+)$/m.exec(text("manifest.yaml"))?.[1] ?? "";

  let serveHelp: string;
  beforeAll(async () => {
    serveHelp = (await runCommand(".", ["serve", "--help"])).stdout;
  });

  test("systemd finds its units good", ({ skip }) => {
    for (const unit of ["spancost.service", "otelcol.service"]) {
      const file = resolve(folder, "deploy", unit);
      expect(checked("systemd-analyze", ["verify", "--man=no", file], skip)).toBe("");
    }
  });

  test("the images of the Collector are of the release that is tested here", () => {
    const images = [text("deploy/compose.yaml"), text("deploy/kubernetes.yaml")].flatMap(
      (file) => file.match(/opentelemetry-collector-contrib:\S+/g) ?? [],
    );
    expect(images).toEqual(images.map(() => `opentelemetry-collector-contrib:${release}`));
    expect(images.length).toBe(2);
  });

  test("compose mounts what is there, and Prometheus asks services that are", () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
    const paths = mounts
      .map((mount) => mount.split(":")[0] ?? "")
      .filter((path) => path.startsWith("."));
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !existsSync(join(folder, "deploy", path)))).toEqual([]);
    const targets = text("prometheus/prometheus.yaml").match(/(?<=targets: \[')[a-z]+/g) ?? [];
    expect(targets.filter((name) => !(name in compose.services))).toEqual([]);
  });

  test("spancost is given flags that it has", () => {
    const lists = [
      ...(compose.services["spancost"]?.command ?? []),
      ...(text("deploy/kubernetes.yaml")
        .match(/args: \[serve[^\]]*/)?.[0]
        .split(", ") ?? []),
      ...(text("deploy/Dockerfile").match(/--[a-z-]+/g) ?? []),
      ...(text("deploy/spancost.service").match(/--[a-z-]+/g) ?? []),
    ];
    const flags = [...new Set(lists.filter((word) => word.startsWith("--")))];
    const own = flags.filter(
      (flag) => !["--omit", "--start-period", "--interval", "--from"].includes(flag),
    );
    expect(own.length).toBeGreaterThan(4);
    expect(own.filter((flag) => !serveHelp.includes(`${flag} `))).toEqual([]);
  });

  test("the manifest's objects fit each other", () => {
    expect(kubernetes.flatMap(({ errors }) => errors)).toEqual([]);
    const objects = kubernetes.map((document) => document.toJS());
    const apps = objects
      .filter(({ kind }) => kind === "StatefulSet")
      .map(({ metadata, spec }) => ({ name: metadata.name, spec }));
    expect(apps.map(({ name }) => name)).toEqual(["spancost", "otelcol"]);
    for (const { name, spec } of apps) {
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
      const service = objects.find(
        (each) => each.kind === "Service" && each.metadata.name === name,
      );
      expect(service?.spec.selector).toEqual(spec.selector.matchLabels);
      expect(spec.serviceName).toBe(name);
      const [container] = spec.template.spec.containers;
      const ports = container.ports.map((port: { name: string }) => port.name);
      expect(ports).toEqual(
        expect.arrayContaining([
          ...service.spec.ports.map((port: { name: string }) => port.name),
          container.livenessProbe.httpGet.port,
          container.readinessProbe.httpGet.port,
        ]),
      );
      const volumes = [
        ...(spec.template.spec.volumes ?? []),
        ...spec.volumeClaimTemplates.map((claim: { metadata: { name: string } }) => claim.metadata),
      ];
      const names = volumes.map((volume) => volume.name);
      const mounted = container.volumeMounts.map((mount: { name: string }) => mount.name);
      expect(mounted.toSorted()).toEqual(names.toSorted());
    }
  });

  test("the dashboard has a title on every panel, and no two at one place", () => {
    const { panels } = JSON.parse(text("grafana/spancost.json"));
    const places = panels.map(
      ({ gridPos }: { gridPos: { x: number; y: number } }) => `${gridPos.x} ${gridPos.y}`,
    );
    expect(new Set(places).size).toBe(panels.length);
    expect(panels.filter(({ title }: { title: string }) => title === "")).toEqual([]);
  });
});
