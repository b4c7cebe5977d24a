import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const packed = join(root, "packages/instrumentation");

/** A blank project with what is published of the package in it, and its two dependencies. */
let project: string;
let installed: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "spancost-package-"));
  execFileSync("npm", ["pack", "--pack-destination", project], { cwd: packed, stdio: "pipe" });
  execFileSync("tar", ["-xzf", "spancost-instrumentation-0.1.0.tgz"], { cwd: project });
  installed = join(project, "node_modules/@spancost/instrumentation");
  mkdirSync(dirname(installed), { recursive: true });
  execFileSync("mv", [join(project, "package"), installed]);
  for (const name of [
    "@opentelemetry/api",
    "@pydantic/genai-prices",
    "@types/node",
    "undici-types",
  ]) {
    const from = join(root, "node_modules", name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(from, join(project, "node_modules", name));
  }
  writeFileSync(join(project, "package.json"), "{}");
});

afterAll(() => rmSync(project, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(project, name);
  writeFileSync(path, text);
  return path;
}

/** Nodes to run on: the tests' own, and the machine's, which may be older. */
const nodes = [process.execPath, machineNode()].filter((path) => path !== undefined);

function machineNode(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .find((path) => existsSync(path));
}

const use = `
const kept = {};
const span = {
  name: "chat", kind: 2, startTime: [1763700000, 0], endTime: [1763700001, 0], status: { code: 0 },
  attributes: { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 0 },
  events: [], resource: { attributes: {} }, instrumentationScope: { name: "any" },
};
new SpanCostProcessor().onEnd(span);
console.log(span.attributes["spancost.cost.usd"], withFeature("f", () => "ran"));
`;

describe.each(nodes)("on %s", (node) => {
  test.each([
    ["app.mjs", `import { SpanCostProcessor, withFeature } from "@spancost/instrumentation";`],
    ["app.cjs", `const { SpanCostProcessor, withFeature } = require("@spancost/instrumentation");`],
  ])("%s gets it with what it depends on", (name, load) => {
    const path = write(name, load + use);
    expect(execFileSync(node, [path], { cwd: project, encoding: "utf8" })).toBe("0.00025 ran\n");
  });

  test("register without an SDK says what to install, and the application runs", () => {
    write("plain.mjs", `console.log("runs");`);
    const flags = ["--import", "@spancost/instrumentation/register", "plain.mjs"];
    const { stdout, stderr } = spawnSync(node, flags, { cwd: project, encoding: "utf8" });
    expect(stdout).toBe("runs\n");
    expect(stderr).toBe(
      "spancost: not started: run `npm install @opentelemetry/sdk-node @opentelemetry/api`\n",
    );
  });
});

test("ESM and CommonJS in one process are one: what one attributes, the other writes", () => {
  const path = write(
    "both.mjs",
    `import { createRequire } from "node:module";
     import { AsyncLocalStorage } from "node:async_hooks";
     import { context, ROOT_CONTEXT } from "@opentelemetry/api";
     import { withFeature } from "@spancost/instrumentation";
     const storage = new AsyncLocalStorage();
     context.setGlobalContextManager({
       active: () => storage.getStore() ?? ROOT_CONTEXT,
       with: (at, fn, self, ...args) => storage.run(at, () => fn.call(self, ...args)),
       bind: (at, fn) => fn, enable() {}, disable() {},
     });
     const { SpanCostProcessor } = createRequire(import.meta.url)("@spancost/instrumentation");
     const attributes = { "gen_ai.operation.name": "chat" };
     const span = { attributes, instrumentationScope: { name: "any" }, setAttribute: (key, value) => { attributes[key] = value; } };
     withFeature("shared", () => new SpanCostProcessor().onStart(span, context.active()));
     console.log(attributes["spancost.feature"]);`,
  );
  expect(execFileSync(process.execPath, [path], { cwd: project, encoding: "utf8" })).toBe(
    "shared\n",
  );
});

test.each([
  ["consumer.mts", "module"],
  ["consumer.cts", "commonjs"],
])("types are right for %s, without skipLibCheck", (name) => {
  write(
    name,
    `import { SpanCostProcessor, withAgentRun, withFeature, withSpancost, usageFetch } from "@spancost/instrumentation";
     import { examineProject, type Finding } from "@spancost/instrumentation/doctor";
     const answer: number = withFeature("f", () => 42);
     const later: Promise<string> = withAgentRun("a", async (run) => run.step(() => "x"));
     const config: { serviceName: string } = withSpancost({ serviceName: "s" }, { budgets: [{ usd: 1, per: "day" }] });
     const findings: readonly Finding[] = examineProject(".");
     // @ts-expect-error a budget has a period
     new SpanCostProcessor({ budgets: [{ usd: 1 }] });
     export { answer, later, config, findings, usageFetch };`,
  );
  write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        strict: true,
        module: "nodenext",
        target: "es2022",
        skipLibCheck: false,
        noEmit: true,
        types: ["node"],
      },
      files: [name],
    }),
  );
  const tsc = join(root, "node_modules/.bin/tsc");
  expect(execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" })).toBe("");
});

test("what is published names no workspace package, and no test", () => {
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  );
  expect(Object.keys(dependencies)).toEqual(["@pydantic/genai-prices"]);
  expect(Object.keys(peerDependencies)).toEqual(["@opentelemetry/api"]);
  expect(
    Object.keys(optionalDependencies).every((name) => name.startsWith("@opentelemetry/")),
  ).toBe(true);
  const files = execFileSync("find", [".", "-type", "f"], { cwd: installed, encoding: "utf8" });
  expect(files).not.toMatch(/test|\.ts$(?<!\.d\.ts)/m);
  for (const file of files.split("\n").filter((path) => path.endsWith(".d.ts"))) {
    expect(readFileSync(join(installed, file), "utf8")).not.toMatch(
      /from "@spancost\/(semconv|pricing)/,
    );
  }
});
