import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ports } from "../../packages/receiver/src/testing/ways.ts";
import { commandFromSource, plainEnvironment, runCommand } from "../flow/command.ts";

/** A `spancost serve` of its own process and database. */
export interface Serving extends Ports {
  /** Asks it by `spancost query --sql`. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Stops it by SIGTERM; the code that it exits with. */
  stop(): Promise<number | null>;
}

/** Starts `spancost serve` with `flags`, and resolves once it takes connections. */
export async function startServing(flags: readonly string[] = []): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), "spancost-conformance-"));
  const [port, grpcPort, webPort] = await freePorts(3);
  const ports = ["--http-port", port, "--grpc-port", grpcPort, "--web-port", webPort].map(String);
  const args = [...commandFromSource, "serve", "--db", "x.duckdb", ...ports, ...flags];
  const env = plainEnvironment as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, args, { cwd: folder, env });
  let words = "";
  child.stderr.on("data", (chunk) => {
    words += chunk;
  });
  await Promise.race([
    Promise.all([port, grpcPort, webPort].map((one) => isOpen(one, child))),
    once(child, "exit").then(() => {
      throw new Error(`spancost serve ended: ${words}`);
    }),
  ]);
  return {
    port,
    grpcPort,
    async query(sql) {
      const args = ["query", "--sql", sql, "--json", "--db", "x.duckdb"];
      const { code, stdout, stderr } = await runCommand(folder, args);
      // 3 means that there are no rows.
      if (code !== 0 && code !== 3) throw new Error(stderr);
      return (JSON.parse(stdout) as { rows: Record<string, unknown>[] }).rows;
    },
    async stop() {
      child.kill("SIGTERM");
      const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Ports that nothing listens on. */
export async function freePorts(count: number): Promise<[number, number, number, number, number]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports as [number, number, number, number, number];
}

/** Resolves once `port` takes connections. */
async function isOpen(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const opened = await new Promise((resolve) => {
      socket.on("connect", () => resolve(true));
      socket.on("error", () => resolve(false));
    });
    socket.destroy();
    if (opened) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
