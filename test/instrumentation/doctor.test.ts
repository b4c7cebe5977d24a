import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { SpanCostProcessor } from "@spancost/instrumentation";
import { examineProcess, examineProject } from "@spancost/instrumentation/doctor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { completion, json, ModelServer } from "./model-server.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts files into the project: a package's package.json where a version is given. */
function project(packages: Readonly<Record<string, string>>, own: object = {}): void {
  write("package.json", JSON.stringify({ name: "service", ...own }));
  for (const [name, version] of Object.entries(packages)) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const complete = { "@spancost/instrumentation": "0.1.0", "@opentelemetry/api": "1.9.1" };

function found(): readonly string[] {
  return examineProject(folder).map(({ severity, code, fix }) => `${severity} ${code}: ${fix}`);
}

describe("a project", () => {
  test("that has what it needs is told nothing", () => {
    project({ ...complete, "@anthropic-ai/sdk": "1.12.0" });
    expect(found()).toEqual([]);
  });

  test("that is none", () => {
    expect(found()).toEqual(["error no_package_json: cd into the folder of your service"]);
  });

  test("without the package and without the API", () => {
    project({});
    expect(found()).toEqual([
      "error instrumentation_missing: npm install @spancost/instrumentation",
      "error api_missing: npm install @opentelemetry/api",
    ]);
  });

  test("with a client that nothing instruments", () => {
    project({
      ...complete,
      openai: "6.49.0",
      ai: "7.0.1",
      "@aws-sdk/client-bedrock-runtime": "3.1.0",
    });
    expect(found()).toEqual([
      "error client_not_covered: npm install @opentelemetry/instrumentation-openai",
      "error client_not_covered: npm install @ai-sdk/otel",
      "error client_not_covered: npm install @opentelemetry/instrumentation-aws-sdk",
    ]);
  });

  const official = "@opentelemetry/instrumentation-openai";

  test.each(["dist/instrumentation.cjs", "build/src/instrumentation.js"])(
    "with a client that is newer than its instrumentation knows, by %s",
    (file) => {
      project({ ...complete, openai: "8.1.0", [official]: "0.22.0" });
      const code = `new InstrumentationNodeModuleDefinition('openai', ['>=4.19.0 <7'], (module) => {`;
      write(`node_modules/${official}/${file}`, code);
      expect(examineProject(folder)).toEqual([
        {
          code: "client_version_not_covered",
          severity: "error",
          message: `openai 8.1.0 is installed; ${official} 0.22.0 makes spans for >=4.19.0 <7 and says nothing.`,
          fix: `npm install ${official}@latest   # or, until it covers openai 8: npm install openai@6`,
        },
      ]);
    },
  );

  test("with a client that only register covers", () => {
    const start = "node --import @spancost/instrumentation/register app.js";
    const packages = { ...complete, openai: "7.57.0", [official]: "0.22.0" };
    project(packages);
    write(`node_modules/${official}/dist/instrumentation.cjs`, "x('openai', ['>=4.19.0 <7'], y)");
    expect(found()).toEqual([`warning client_version_not_covered: ${start}`]);
    expect(examineProject(folder, true)).toEqual([]);
    project(packages, { scripts: { start } });
    expect(found()).toEqual([]);
  });

  test("with an instrumentation that another package brings", () => {
    const auto = "@opentelemetry/auto-instrumentations-node";
    project({
      ...complete,
      openai: "6.1.0",
      [auto]: "0.82.0",
      [`${auto}/node_modules/${official}`]: "0.22.0",
    });
    expect(found()).toEqual([]);
  });

  test("with a client from before it made spans, and one that makes them on request", () => {
    project({ ...complete, "@anthropic-ai/sdk": "0.130.0", ai: "6.0.3" });
    expect(found()).toEqual([
      "error client_version_not_covered: npm install @anthropic-ai/sdk@latest",
      "info client_not_covered: experimental_telemetry: { isEnabled: true, recordInputs: false, recordOutputs: false }",
    ]);
  });

  test("with two generations of the API", () => {
    project({ ...complete, "some-library/node_modules/@opentelemetry/api": "1.10.0" });
    expect(examineProject(folder)[0]?.message).toBe(
      "There are 2 copies of @opentelemetry/api, of the versions 1.9.1, 1.10.0; what uses a newer one than the SDK makes no spans.",
    );
    project({ ...complete, "some-library/node_modules/@opentelemetry/api": "1.9.0" });
    expect(found()).toEqual([]);
  });

  test("with an SDK for a newer Node", () => {
    project(complete);
    write(
      "node_modules/@opentelemetry/sdk-node/package.json",
      JSON.stringify({ version: "0.999.0", engines: { node: ">=99.1.0" } }),
    );
    expect(found()).toEqual([
      "error sdk_needs_newer_node: npm install @opentelemetry/sdk-node@0.223   # or a newer Node",
    ]);
  });

  test("of ES modules whose start script has no hook, and an instrumentation with one of its own", () => {
    const scripts = {
      start: "node --import @opentelemetry/auto-instrumentations-node/register app.js",
    };
    project(
      {
        ...complete,
        openai: "6.1.0",
        "@traceloop/instrumentation-openai": "0.27.0",
        "import-in-the-middle": "3.6.0",
        "@traceloop/instrumentation-openai/node_modules/import-in-the-middle": "1.15.0",
      },
      { type: "module", scripts },
    );
    expect(examineProject(folder).map(({ code }) => code)).toEqual([
      "esm_without_hook",
      "own_import_hook",
    ]);
  });
});

describe("a process", () => {
  const codes = () => examineProcess().map(({ severity, code }) => `${severity} ${code}`);
  const provider = (...spanProcessors: SpanProcessor[]) =>
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  const exporting = () => new SimpleSpanProcessor(new InMemorySpanExporter());

  afterEach(() => {
    trace.disable();
    vi.unstubAllEnvs();
  });

  test("goes from one finding to the next until all is well", async () => {
    expect(codes()).toEqual(["error sdk_not_running", "info no_call_yet"]);

    provider(exporting());
    expect(codes()).toEqual(["error processor_missing", "info no_call_yet"]);

    trace.disable();
    const processor = new SpanCostProcessor();
    provider(processor);
    expect(codes()).toEqual(["error exporter_missing", "info no_call_yet"]);

    trace.disable();
    provider(processor, exporting());
    expect(codes()).toEqual(["info no_call_yet"]);

    const server = await ModelServer.start(json(completion));
    await (await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body: "{}" })).text();
    await server.stop();
    expect(codes()).toEqual(["error calls_without_span"]);

    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.usage.input_tokens": 5,
      "gen_ai.usage.output_tokens": 5,
    };
    trace.getTracer("any").startSpan("chat", { attributes }).end();
    trace
      .getTracer("any")
      .startSpan("chat", { attributes: { ...attributes, "gen_ai.request.model": "acme-1" } })
      .end();
    expect(codes()).toEqual([
      "warning calls_without_span",
      "warning cache_unknown",
      "info calls_unpriced",
    ]);
    trace
      .getTracer("any")
      .startSpan("chat", {
        attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini" },
      })
      .end();
    const told = examineProcess();
    expect(told.find(({ code }) => code === "usage_unknown")?.message).toContain("1 of 3 calls");
    expect(told.find(({ code }) => code === "cache_unknown")?.message).toContain("Of 2 of 3 calls");
    expect(told.find(({ code }) => code === "calls_unpriced")?.message).toContain("1 of 3 calls");
    const failing = trace.getTracer("any").startSpan("chat", {
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini" },
    });
    failing.setStatus({ code: SpanStatusCode.ERROR });
    failing.end();
    const after = examineProcess();
    expect(after.find(({ code }) => code === "usage_unknown")?.message).toContain("1 of 4 calls");
    expect(after.find(({ code }) => code === "calls_unpriced")?.message).toContain("1 of 4 calls");
    // At the end of a process nothing is missing that was there.
    await processor.shutdown();
    expect(codes()).not.toContain("error processor_missing");
  });

  test("that is switched off says so", () => {
    vi.stubEnv("SPANCOST_DISABLED", "1");
    expect(codes()).toEqual(["info disabled"]);
  });
});
