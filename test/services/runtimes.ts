import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeLine } from "./cells.ts";
import { npm } from "./npm.ts";
import { alone, cache } from "./places.ts";

/** The newest of each line when this was written. */
const versions: Readonly<Record<NodeLine, string>> = {
  20: "20.20.2",
  22: "22.23.3",
  24: "24.21.0",
};

/** Path of a Node of `line`: this process's own, or the one that npm has as a package for this platform. */
export async function nodeOf(line: NodeLine): Promise<string> {
  if (process.versions.node.split(".", 1)[0] === String(line)) return process.execPath;
  const version = versions[line];
  const folder = join(cache, "runtimes", version);
  const name = `node-${process.platform}-${process.arch}`;
  const binary = join(folder, "node_modules", name, "bin/node");
  await alone(`runtime-${version}`, async () => {
    if (existsSync(binary)) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    await npm(process.execPath, folder, ["install", "--ignore-scripts", `${name}@${version}`]);
    execFileSync(binary, ["--version"]);
  });
  return binary;
}
