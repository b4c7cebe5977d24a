// Adds to package-lock.json the optional platform packages that the registry in use does not offer.
//
// npm leaves them out of the lock file, and `npm ci` then refuses it on every machine. Run this after
// each change of dependencies: node .ci/complete-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const platform =
  /(linux|darwin|win32|android|freebsd|openbsd|netbsd|sunos|aix)-(x64|arm64|arm|ia32|ppc64|s390x|riscv64)/;

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) {
      continue;
    }
    const [, os, cpu] = platform.exec(name) ?? [];
    if (os === undefined) throw new Error(`${name}: for which platform?`);
    lock.packages[`node_modules/${name}`] = {
      version,
      optional: true,
      ...(entry.dev && { dev: true }),
      os: [os],
      cpu: [cpu],
    };
    console.log(`added ${name} ${version}`);
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
