import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** A span as it came over the wire. */
export interface SentSpan {
  readonly name: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A receiver of OTLP/JSON traces that keeps all spans it is sent. */
export class TraceSink {
  readonly spans: SentSpan[] = [];
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    this.#keep(JSON.parse(text.toString()));
    response.end("{}");
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep({ resourceSpans }: OtlpTraces): void {
    for (const { scopeSpans } of resourceSpans) {
      for (const { scope, spans } of scopeSpans) {
        for (const { name, attributes } of spans) {
          this.spans.push({ name, scope: scope.name, attributes: plain(attributes) });
        }
      }
    }
  }
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly {
        readonly name: string;
        readonly attributes: readonly OtlpAttribute[];
      }[];
    }[];
  }[];
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function plain(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [kind, content] = Object.entries(value)[0] ?? [];
      return [key, kind === "intValue" ? Number(content) : content];
    }),
  );
}

export interface Finished {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node before the application's path. */
  readonly node?: readonly string[];
  /** Sent to the process as soon as it prints something. */
  readonly signal?: NodeJS.Signals;
}

export const registered = [
  "--conditions=spancost-source",
  "--import",
  "@spancost/instrumentation/register",
];

/** Runs one of the applications in a process of its own, as a user starts it. */
export async function runApplication(
  name: string,
  { env = {}, node = registered, signal }: RunOptions = {},
): Promise<Finished> {
  const path = fileURLToPath(new URL(`applications/${name}`, import.meta.url));
  const child = spawn(process.execPath, [...node, path], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    if (signal !== undefined) child.kill(signal);
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | string | null>((resolve) =>
    child.on("close", (exit, by) => resolve(exit ?? by)),
  );
  return { code, stdout, stderr };
}

/** Without what tells this process about tests, and without anything about telemetry. */
function cleanEnvironment(): Record<string, string | undefined> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter(([key]) => !/^(OTEL_|SPANCOST_|NODE_OPTIONS|VITEST)/.test(key)),
  );
}
