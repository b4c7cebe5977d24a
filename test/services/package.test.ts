import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blankCell, judgesCell, typedCells } from "./cells.ts";
import { installing } from "./installing.ts";
import { listCost } from "./list-prices.ts";
import { observe } from "./observe.ts";
import type { Project } from "./project.ts";
import type { ModuleKind, Scenario } from "./scenarios.ts";
import type { Setup } from "./setups.ts";
import { asCommonJs, snippetWith } from "./snippets.ts";

const name = "@spancost/instrumentation";
const readme = "packages/instrumentation/README.md";
const guide = "docs/instrumentation.md";

/** Runs a program of the project's packages and gives what it printed; its exit code stands before it where it is not 0. */
function run(
  { folder, node }: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      node,
      args,
      { cwd: folder, env: { PATH: process.env["PATH"], NO_COLOR: "1", ...env } },
      (error, stdout, stderr) => {
        const said = stdout + stderr;
        resolve(error === null ? said : `${error.code}: ${said}`);
      },
    );
  });
}

describe("in a blank project", () => {
  const installed = installing(blankCell);

  test("the package brings what it needs and no source, test or map", (context) => {
    const folder = join(installed(context).folder, "node_modules", name);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "package.json"]));
    expect(files.filter((file) => /\.map$|\.test\.|^src|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    const code = files.filter((file) => file.endsWith(".js"));
    const texts = code.map((file) => readFileSync(join(folder, file), "utf8"));
    expect(texts.filter((text) => /(from |require\()"@spancost/.test(text))).toEqual([]);
  });

  /** The README's service: its snippet, and around it only what it leaves out. */
  const service = `
    import express from "express";
    import OpenAI from "openai";
    ${snippetWith(readme, "js", "app.post(")}
    const openai = new OpenAI({ apiKey: "none", baseURL: process.env.MODEL_URL + "/v1" });
    async function answer(req, res) {
      const messages = [{ role: "user", content: "How?" }];
      const { choices } = await openai.chat.completions.create({ model: "gpt-5-mini", messages });
      res.json({ text: choices[0].message.content });
    }
    const server = app.listen(0, () => console.log("listening on " + server.address().port));`;
  const ordered = service.replace(/(app\.post)/, "const app = express();\n$1");

  /** The README's set-up for who has an SDK. */
  const ownSdk = snippetWith(readme, "js", "new NodeSDK(").replace(
    "new NodeSDK(",
    `import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
    const instrumentations = [new OpenAIInstrumentation()];
    const sdk = new NodeSDK(`,
  );
  const started = ownSdk.replace(
    /(const sdk = .*)\.start\(\);/,
    '$1; sdk.start(); process.on("SIGTERM", () => sdk.shutdown().then(() => process.exit(0)));',
  );

  /** The README's own command line, without its endpoint, which is the test's. */
  const flags =
    /node (--import \S+) app\.js/.exec(snippetWith(readme, "sh", "--import"))?.[1] ?? "";

  const scenario: Scenario = {
    name: "the README's service",
    app: "readme",
    kinds: ["mjs", "cjs"],
    plan: [{ input: 2_000, cached: 1_024, output: 70 }],
    asks: [{ path: "/answers" }],
    records: [],
  };

  async function recordsOf(project: Project, kind: ModuleKind, setup: Setup) {
    const code = kind === "mjs" ? ordered : asCommonJs(ordered.replaceAll(/^ +/gm, ""));
    writeFileSync(join(project.folder, `apps/readme.${kind}`), code.replaceAll(/^ +/gm, ""));
    const seen = await observe(project, scenario, kind, setup);
    expect(seen.ended.map(({ stderr }) => stderr)).toEqual([""]);
    return seen.records.map(({ feature, cost_usd }) => ({ feature, cost_usd }));
  }

  const [turn = {}] = scenario.plan;
  const counts = { cacheWrite: 0, cacheWrite1h: 0, reasoning: 0, inputAudio: 0, outputAudio: 0 };
  const billed = { input: 0, cached: 0, output: 0, webSearches: 0, ...counts, ...turn };
  const expected = [{ feature: "search-answers", cost_usd: listCost("gpt-5-mini", billed) }];

  test.for(["mjs", "cjs"] as const)(
    "the README's line and snippet work: %s",
    async (kind, context) => {
      const setup = { name: "README", flags: () => flags.split(" ") };
      expect(flags).toBe(`--import ${name}/register`);
      expect(await recordsOf(installed(context), kind, setup)).toEqual(expected);
    },
  );

  test("the README's set-up beside an SDK works", async (context) => {
    const project = installed(context);
    const code = asCommonJs(started.replaceAll(/^ +/gm, ""));
    writeFileSync(join(project.folder, "setups/readme.cjs"), code);
    const setup = { name: "README", flags: () => ["--require", "./setups/readme.cjs"] };
    // Nothing looks at answers there, so that cached tokens are not known and cost as others do.
    const uncached = [
      { ...expected[0], cost_usd: listCost("gpt-5-mini", { ...billed, cached: 0 }) },
    ];
    expect(await recordsOf(project, "cjs", setup)).toEqual(uncached);
  });

  test.for([
    ["module", (code: string) => code],
    ["commonjs", (code: string) => `(async () => {\n${asCommonJs(code)}\n})();`],
  ] as const)(
    "the guide's snippet of agents and attempts runs: %s",
    async ([type, written], context) => {
      const code = snippetWith(guide, "js", "withAgentRun(");
      const around = `
let calls = 0;
let done = false;
const callModelAndTools = async () => { calls += 1; done = calls === 3; };
const request = {};
const client = { chat: { completions: { create: async () => { calls += 1; } } } };
`;
      const printed = await run(installed(context), [
        `--input-type=${type}`,
        "-e",
        written(`${code.replace(/(?<=;\n)/, around)}\nconsole.log(calls);`),
      ]);
      expect(printed).toBe("4\n");
    },
  );

  test("without a running SDK, and switched off, functions do what they are given and no more", async (context) => {
    const code = `
      const s = require("${name}");
      console.log(s.withFeature("x", () => 1), s.withAgentRun("a", (run) => run.step(() => 2)));`;
    for (const env of [{}, { SPANCOST_DISABLED: "true" }]) {
      expect(await run(installed(context), ["-e", code], env)).toBe("1 2\n");
    }
  });
});

describe("without optional packages", () => {
  const installed = installing({ ...blankCell, name: "bare", packages: {} }, ["--omit=optional"]);

  test("nothing but prices and the API is installed, and register says what is missing", async (context) => {
    const project = installed(context);
    const { packages } = JSON.parse(
      readFileSync(join(project.folder, "node_modules/.package-lock.json"), "utf8"),
    );
    expect(Object.keys(packages)).toEqual([
      "node_modules/@opentelemetry/api",
      "node_modules/@pydantic/genai-prices",
      `node_modules/${name}`,
    ]);
    const printed = await run(project, ["--import", `${name}/register`, "-e", "console.log(1)"]);
    expect(printed).toMatch(/^1\nspancost: not started: run `npm install .*`\n$/);
  });
});

describe.each(typedCells)("with types of OpenTelemetry $otel", (cell) => {
  const installed = installing(cell);
  const ways = [
    ["typescript-5", "node16", "node16"],
    ["typescript-5", "nodenext", "nodenext"],
    ["typescript-5", "esnext", "bundler"],
    ["typescript-7", "node16", "node16"],
    ["typescript-7", "nodenext", "nodenext"],
    ["typescript-7", "esnext", "bundler"],
  ] as const;

  test.for(ways)(
    "a consumer compiles: %s, module %s, resolution %s",
    async ([compiler, module, resolution], context) => {
      const project = installed(context);
      // Since 3.0 the tracer provider is in another package, under another name.
      const consumer = readFileSync(join(project.folder, "consumer/consumer.mts.txt"), "utf8");
      const code =
        cell.otel === "2.x"
          ? consumer
          : consumer
              .replace("BasicTracerProvider }", "TracerProvider as BasicTracerProvider }")
              .replace("sdk-trace-base", "sdk-trace");
      for (const kind of ["mts", "cts"]) {
        writeFileSync(join(project.folder, `consumer/consumer.${kind}`), code);
      }
      const printed = await run(project, [
        `node_modules/${compiler}/bin/tsc`,
        ...["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"],
        ...["--skipLibCheck", "false", "--types", "node"],
        ...["--module", module, "--moduleResolution", resolution],
        ...["consumer/consumer.mts", "consumer/consumer.cts"],
      ]);
      expect(printed).toBe("");
    },
  );
});

describe("as judged by", () => {
  const installed = installing(judgesCell);

  test("publint", async (context) => {
    const project = installed(context);
    const tool = "node_modules/publint/src/cli.js";
    expect(await run(project, [tool, "run", project.tarball, "--strict"])).toContain("All good!");
  });

  test("attw, for every way to resolve modules that TypeScript 7 has", async (context) => {
    const project = installed(context);
    const tool = "node_modules/@arethetypeswrong/cli/dist/index.js";
    const printed = await run(project, [tool, project.tarball, "--profile", "node16"]);
    // Its verdict is its exit code, which would stand first. TypeScript 7 resolves as "node10" no longer.
    expect(printed).toMatch(/^\n@spancost\/instrumentation v/);
  });
});
