// Records captures anew; see README.md. node test/record/record.ts [emitter[/scenario]...]
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emitter, emitters } from "./emitters.ts";
import { type LoggedCall, startModelServer } from "./model-server.ts";
import { startOtlpSink } from "./otlp-sink.ts";
import { plans } from "./plan.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const captures = fileURLToPath(new URL("../captures/", import.meta.url));
const truthFile = join(captures, "truth-more.json");
/** Where packages are installed: kept between runs. */
const cache = process.env["RECORD_CACHE"] ?? join(tmpdir(), "spancost-record");
/** No scenario takes longer; a client that retries for ever is stopped. */
const timeout = 60_000;
/** A body that begins so is OTLP/JSON. */
const openingBrace = "{".charCodeAt(0);

async function main(wanted: readonly string[]): Promise<void> {
  const truths: Record<string, unknown> = existsSync(truthFile)
    ? JSON.parse(readFileSync(truthFile, "utf8"))
    : {};
  for (const emitter of emitters) {
    for (const scenario of Object.keys(emitter.scenarios)) {
      const name = `${emitter.name}/${scenario}`;
      if (wanted.length > 0 && !wanted.includes(emitter.name) && !wanted.includes(name)) continue;
      const truth = await record(emitter, scenario);
      if (truth !== undefined) truths[name] = truth;
      writeFileSync(truthFile, `${JSON.stringify(truths, null, 1)}\n`);
    }
  }
}

/** Runs one scenario and writes its capture. @returns what really happened, by the model server */
async function record(emitter: Emitter, scenario: string): Promise<object | undefined> {
  const planName = emitter.scenarios[scenario];
  if (planName === undefined) throw new Error(`${emitter.name} has no scenario ${scenario}`);
  const { command, args } = install(emitter);
  const server = await startModelServer(plans[planName]);
  const sink = await startOtlpSink();
  try {
    const outcome = await run(command, [...args, scenario], {
      ...process.env,
      MODEL_SERVER: server.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      NO_PROXY: "127.0.0.1",
      ...emitter.env,
    });
    const label = `${emitter.name}/${scenario}`.padEnd(44);
    if (server.log.length === 0) {
      console.error(
        `${label} reached no model: ${outcome.trim().split("\n").slice(-3).join(" | ")}`,
      );
      return undefined;
    }
    const spans = write(emitter, scenario, sink.traces);
    const strays = server.strays.length === 0 ? "" : `, strays: ${server.strays.join(", ")}`;
    console.error(`${label} ${server.log.length} requests, ${spans} bytes${strays}`);
    if (process.env["RECORD_VERBOSE"] !== undefined) console.error(outcome);
    return truthOf(emitter, scenario, planName, server.log);
  } finally {
    await server.close();
    await sink.close();
  }
}

/**
 * Several bodies one after the other are one valid request: protobuf merges repeated fields. Those in JSON become
 * lines, which `tidy-otlp.py` reads.
 */
function write(emitter: Emitter, scenario: string, bodies: readonly Buffer[]): number {
  if (bodies.length === 0) return 0;
  const folder = join(captures, emitter.name);
  mkdirSync(folder, { recursive: true });
  const protobuf = join(folder, `${scenario}.traces.otlp.pb`);
  const lines = bodies.map((body) => (body[0] === openingBrace ? `${body.toString()}\n` : body));
  writeFileSync(protobuf, Buffer.concat(lines.map((line) => Buffer.from(line))));
  const options = emitter.modelsOnly === true ? ["--models-only"] : [];
  step(installPython("tidy-otlp.txt"), [join(here, "python/tidy-otlp.py"), protobuf, ...options]);
  return Buffer.concat(bodies).length;
}

function truthOf(emitter: Emitter, scenario: string, plan: string, log: readonly LoggedCall[]) {
  const billed = log.flatMap(({ usage }) => usage ?? []);
  const sum = (count: keyof (typeof billed)[number]) =>
    billed.reduce((total, usage) => total + usage[count], 0);
  return {
    emitter: emitter.name,
    scenario,
    plan,
    packages: pinned(emitter),
    billable_calls: billed.length,
    attempts: log.length,
    input_tokens_total: sum("input"),
    cached_input_tokens: sum("cached"),
    cache_write_tokens: sum("cacheWrite"),
    cache_write_1h_tokens: sum("cacheWrite1h"),
    output_tokens: sum("output"),
    reasoning_tokens: sum("reasoning"),
    input_audio_tokens: sum("inputAudio"),
    output_audio_tokens: sum("outputAudio"),
    web_searches: sum("webSearches"),
    calls: log,
  };
}

/** The packages that the emitter's file pins, by name. */
function pinned(emitter: Emitter): Readonly<Record<string, string>> {
  if (emitter.language === "java") return pinnedByMaven(emitter);
  if (emitter.language === "go") return pinnedByGo(emitter);
  const lines = readFileSync(join(here, emitter.language, emitter.packages), "utf8").split("\n");
  return Object.fromEntries(
    lines
      .filter((line) => line.includes("@") || line.includes("=="))
      .map((line) => line.trim().split(/==|(?<=.)@/) as [string, string]),
  );
}

function pinnedByGo({ packages }: Emitter): Readonly<Record<string, string>> {
  const [direct = ""] = readFileSync(join(here, "go", packages), "utf8").match(/\(([^)]*)\)/) ?? [];
  const modules = direct.matchAll(/^\t(\S+) (v\S+)$/gm);
  return Object.fromEntries([...modules].map(([, name = "", version = ""]) => [name, version]));
}

function pinnedByMaven({ packages }: Emitter): Readonly<Record<string, string>> {
  const pom = readFileSync(join(here, "java", packages), "utf8");
  const artifacts = pom.matchAll(
    /<artifactId>([^<]+)<\/artifactId>\s*<version>([^<]+)<\/version>/g,
  );
  return Object.fromEntries([...artifacts].map(([, name = "", version = ""]) => [name, version]));
}

/** @returns what runs the emitter's program, and what comes before the scenario */
function install(emitter: Emitter): { readonly command: string; readonly args: readonly string[] } {
  const programs = join(here, emitter.language);
  if (emitter.language === "java") {
    const built = join(installJava(emitter), "target");
    // Quarkus builds a program that runs by itself.
    const quarkus = join(built, "quarkus-app/quarkus-run.jar");
    if (existsSync(quarkus)) return { command: "java", args: ["-jar", quarkus] };
    const classPath = `${join(built, "classes")}:${join(built, "dependency")}/*`;
    const agents = globSync("dependency/opentelemetry-javaagent-*.jar", { cwd: built });
    const options = agents.map((agent) => `-javaagent:${join(built, agent)}`);
    return { command: "java", args: [...options, "-cp", classPath, "record.Service"] };
  }
  if (emitter.language === "go") return { command: installGo(emitter), args: [] };
  if (emitter.language === "python") {
    return { command: installPython(emitter.packages), args: [join(programs, emitter.program)] };
  }
  const folder = installNode(emitter.packages);
  // Modules are found from where a program stands.
  for (const file of globSync("*.mjs", { cwd: programs })) {
    copyFileSync(join(programs, file), join(folder, file));
  }
  return { command: process.execPath, args: [join(folder, emitter.program)] };
}

/** A folder with the program in `java/<program>`, built as `java/<packages>` says, and what it needs. */
function installJava({ program, packages }: Emitter): string {
  const folder = join(cache, packages.replace(/\.xml$/, "-java"));
  if (existsSync(join(folder, "installed"))) return folder;
  cpSync(join(here, "java", program), folder, { recursive: true });
  copyFileSync(join(here, "java", packages), join(folder, "pom.xml"));
  const goals = ["package", "dependency:copy-dependencies"];
  step("mvn", ["--batch-mode", "--quiet", "--file", join(folder, "pom.xml"), ...goals]);
  writeFileSync(join(folder, "installed"), "");
  return folder;
}

/** The program in `go/<program>`, built. @returns its path */
function installGo({ program }: Emitter): string {
  const built = join(cache, `${program}-go`);
  if (existsSync(built)) return built;
  step("go", ["build", "-C", join(here, "go", program), "-o", built, "."]);
  return built;
}

/** A folder with the packages of `node/<file>`. */
function installNode(file: string): string {
  const folder = join(cache, file.replace(/\.txt$/, "-node"));
  if (existsSync(join(folder, "installed"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const packages = readFileSync(join(here, "node", file), "utf8")
    .trim()
    .split("\n");
  step("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, ...packages]);
  writeFileSync(join(folder, "installed"), "");
  return folder;
}

/** A virtual environment with the packages of `python/<file>`. @returns its interpreter */
function installPython(file: string): string {
  const folder = join(cache, file.replace(/\.txt$/, ""));
  const python = join(folder, "bin/python");
  if (existsSync(join(folder, "installed"))) return python;
  step("python3", ["-m", "venv", folder]);
  step(python, ["-m", "pip", "install", "--quiet", "-r", join(here, "python", file)]);
  writeFileSync(join(folder, "installed"), "");
  return python;
}

function step(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
}

/** Runs a program to its end. @returns what it printed */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout });
    let printed = "";
    const keep = (chunk: Buffer) => {
      printed += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? printed : `${printed}\nexit ${code}`));
  });
}

await main(process.argv.slice(2));
