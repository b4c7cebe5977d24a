#!/usr/bin/env node
import module from "node:module";

// Before anything else is loaded. Node 20 has no such cache.
module.enableCompileCache?.();
await import("../dist/main.js");
