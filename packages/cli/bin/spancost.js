#!/usr/bin/env node
import module from "node:module";
import { buildRecord, cloneFolder, isOwnFileMissing, isStale, whatToType } from "./build-check.js";

// Before anything else is loaded. Node 20 has no such cache.
module.enableCompileCache?.();
if (isStale(cloneFolder, buildRecord)) {
  process.stderr.write(`spancost: the build is older than the sources. ${whatToType}\n`);
}
try {
  await import("../dist/main.js");
} catch (error) {
  if (!isOwnFileMissing(error, cloneFolder)) throw error;
  process.stderr.write(
    `spancost: a part of it is missing: it is not built, or was built from other sources. ${whatToType}\n`,
  );
  process.exitCode = 1;
}
