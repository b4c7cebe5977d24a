// A coding agent, asked once in an empty folder, with the telemetry that it has itself.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { model, modelServer, question, scenario } from "./questions.mjs";

const sink = process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
const home = mkdtempSync(join(tmpdir(), "coding-agent-"));
const claude = "claude-sonnet-4-5";
const port = await freePort();
const anthropic = scenario.startsWith("anthropic");

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return `${port}`;
}

function settings(path, content) {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

const agents = {
  codex: () => {
    settings(
      "config.toml",
      `
model = "${model}"
model_provider = "planned"
[model_providers.planned]
name = "planned"
base_url = "${modelServer}/v1"
env_key = "PLANNED_KEY"
wire_api = "responses"
supports_websockets = false
[otel]
environment = "prod"
trace_exporter = { otlp-http = { endpoint = "${sink}/v1/traces", protocol = "binary" } }
`,
    );
    return {
      bin: "codex",
      args: ["exec", "--skip-git-repo-check", "--sandbox", "read-only", question],
      env: { CODEX_HOME: home, PLANNED_KEY: "sk-planned" },
    };
  },
  copilot: () => ({
    bin: "copilot",
    args: ["--prompt", question],
    env: {
      COPILOT_OFFLINE: "true",
      COPILOT_ALLOW_ALL: "1",
      COPILOT_MODEL: anthropic ? claude : model,
      COPILOT_PROVIDER_API_KEY: "sk-planned",
      COPILOT_PROVIDER_TYPE: anthropic ? "anthropic" : "openai",
      COPILOT_PROVIDER_BASE_URL: anthropic ? modelServer : `${modelServer}/v1`,
      COPILOT_PROVIDER_WIRE_API: scenario === "responses" ? "responses" : "completions",
    },
  }),
  gemini: () => {
    settings(".gemini/settings.json", {
      security: { auth: { selectedType: "gemini-api-key" } },
      privacy: { usageStatisticsEnabled: false },
    });
    return {
      bin: "gemini",
      args: ["--model", "gemini-2.5-pro", "--prompt", question],
      env: {
        GEMINI_API_KEY: "planned",
        GOOGLE_GEMINI_BASE_URL: modelServer,
        GEMINI_CLI_TRUST_WORKSPACE: "true",
        GEMINI_TELEMETRY_ENABLED: "true",
        GEMINI_TELEMETRY_TRACES_ENABLED: "true",
        GEMINI_TELEMETRY_TARGET: "local",
        GEMINI_TELEMETRY_OTLP_ENDPOINT: sink,
        GEMINI_TELEMETRY_OTLP_PROTOCOL: "http",
      },
    };
  },
  opencode: () => {
    const asked = anthropic ? claude : model;
    const adapter = anthropic ? "@ai-sdk/anthropic" : "@ai-sdk/openai-compatible";
    settings("opencode/opencode.json", {
      autoupdate: false,
      share: "disabled",
      experimental: { openTelemetry: true },
      // A title is a call more, of which the plan knows nothing.
      agent: { title: { disable: true } },
      provider: {
        planned: {
          npm: adapter,
          options: { baseURL: `${modelServer}/v1`, apiKey: "sk-planned" },
          models: { [asked]: {} },
        },
      },
    });
    return {
      // What npm puts into `.bin` is there after its install script only.
      bin: `../opencode-${process.platform}-${process.arch}/bin/opencode`,
      // Asked alone, it ends without sending what is left; a server sends every few seconds.
      server: ["serve", "--port", port],
      args: [
        "run",
        "--attach",
        `http://127.0.0.1:${port}`,
        "--model",
        `planned/${asked}`,
        question,
      ],
      env: { OPENCODE_DISABLE_MODELS_FETCH: "1" },
    };
  },
};

const { bin, args, env, server } = agents[process.env.AGENT]();
const folder = join(home, "project");
mkdirSync(folder);
const path = fileURLToPath(new URL(`node_modules/.bin/${bin}`, import.meta.url));
const options = {
  cwd: folder,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "pipe"],
  env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, PWD: folder, ...env },
};
const serving = server && spawn(path, server, { ...options, stdio: "ignore" });
if (serving) await sleep(4_000);
const { status, stdout, stderr } = spawnSync(path, args, options);
if (serving) {
  await sleep(7_000);
  serving.kill();
}
console.error(stdout, stderr);
process.exit(status ?? 1);
