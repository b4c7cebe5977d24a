import { spawn } from "node:child_process";
import { commandFromSource, plainEnvironment } from "../flow/command.ts";

/** A receiver of a process of its own, as people start it. */
export interface Served {
  /** Of the page. */
  readonly url: string;
  readonly otlpUrl: string;
  /** All that it has printed by now. */
  told(): string;
  stop(): Promise<void>;
}

/** `spancost serve` on free ports. */
export function serve(folder: string, db: string, flags: readonly string[] = []): Promise<Served> {
  const ports = ["--http-port", "0", "--grpc-port", "0", "--web-port", "0"];
  const child = spawn(
    process.execPath,
    [...commandFromSource, "serve", "--db", db, ...ports, "--log-level", "warn", ...flags],
    { cwd: folder, env: plainEnvironment as NodeJS.ProcessEnv },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
    const read = (part: Buffer) => {
      text += part.toString();
      const url = /Page and API: (\S+)/.exec(text)?.[1];
      const otlpUrl = /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(text)?.[1];
      if (url === undefined || otlpUrl === undefined) return;
      resolve({
        url,
        otlpUrl,
        told: () => text,
        async stop() {
          child.kill("SIGTERM");
          await ended;
        },
      });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
}
