import { writeFileSync } from "node:fs";
import { buildRecord } from "./build-check.js";

// The last step of a build: what is changed later is not in it.
writeFileSync(buildRecord, "");
