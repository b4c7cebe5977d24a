// node collector-config/build.mjs: builds the Collector of manifest.yaml, unless it is there already, and prints its path.
//
// With --where it prints where the Collector is or would be, and builds nothing. Needs Go and a Go module proxy. What was built is kept in .cache/, under the hash of manifest and checksums: the next run takes a moment.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const name = "otelcol-spancost";

/** Where the Collector of today's manifest is, or will be once it is built. */
function collectorPath() {
  const hash = createHash("sha256").update(manifest()).update(sums()).digest("hex").slice(0, 12);
  return resolve(folder, "../.cache/collector", hash, name);
}

function manifest() {
  return readFileSync(join(folder, "manifest.yaml"), "utf8");
}

function sums() {
  return readFileSync(join(folder, "go.sum"), "utf8");
}

/** The builder is of the same release as what it builds. */
function release() {
  const found = /^ {2}version: (\S+)$/m.exec(manifest())?.[1];
  if (found === undefined) throw new Error("manifest.yaml has no dist.version");
  return found;
}

function build(program) {
  const parent = dirname(dirname(program));
  mkdirSync(parent, { recursive: true });
  // Built beside its place, so that what is in its place is whole.
  const work = mkdtempSync(join(parent, "building-"));
  try {
    const own = join(work, "manifest.yaml");
    const out = join(work, "out");
    writeFileSync(own, manifest().replace("dist:", `dist:\n  output_path: ${out}`));
    // What was looked at once is what is built: the builder takes these checksums, and adds none.
    mkdirSync(out);
    copyFileSync(join(folder, "go.sum"), join(out, "go.sum"));
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${release()}`;
    const { status } = spawnSync("go", ["run", builder, "--config", own], {
      cwd: work,
      stdio: ["ignore", 2, 2],
    });
    if (status !== 0) throw new Error(`the builder ended with ${status}`);
    mkdirSync(dirname(program), { recursive: true });
    renameSync(join(out, name), program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function hasGo() {
  try {
    execFileSync("go", ["version"]);
    return true;
  } catch {
    return false;
  }
}

const program = collectorPath();
if (!existsSync(program) && !process.argv.includes("--where")) {
  if (!hasGo()) {
    console.error("no Collector: Go is not installed here, and the Collector is built with it");
    process.exit(1);
  }
  try {
    build(program);
  } catch (error) {
    console.error(`no Collector: ${error.message}; does this machine reach a Go module proxy?`);
    process.exit(1);
  }
}
console.log(program);
