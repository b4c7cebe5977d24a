// npm run bench [-- --only PART,PART --spans N]: what the data path costs, as ratios. Prints figures; judges nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Findings } from "./findings.ts";
import { printGoals } from "./goals.ts";
import { appendPart } from "./parts/append.ts";
import { collectorPart } from "./parts/collector.ts";
import { decodePart } from "./parts/decode.ts";
import { endToEndPart } from "./parts/end-to-end.ts";

import { httpPart } from "./parts/http.ts";
import { inflatePart } from "./parts/inflate.ts";
import { ingestPart } from "./parts/ingest.ts";
import { pagePart } from "./parts/page.ts";
import { pricingPart } from "./parts/pricing.ts";
import { receiverPart } from "./parts/receiver.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    spans: { type: "string", default: "200000" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "spancost-bench-"));
const findings = new Findings();
const spans = Number(values.spans);

/** In the order in which they run. What others are compared with comes first. */
const parts: Readonly<Record<string, () => unknown>> = {
  decode: () => decodePart(findings),
  pricing: () => pricingPart(findings),
  inflate: () => inflatePart(findings),
  append: () => appendPart(findings, folder),
  http: () => httpPart(findings),
  receiver: () => receiverPart(findings),
  "end-to-end": () => endToEndPart(findings, folder, spans),
  collector: () => collectorPart(findings, folder, spans),
  ingest: () => ingestPart(findings, folder, spans),
  page: () => pagePart(findings, folder),
};

const wanted = values.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.filter((name) => parts[name] === undefined);
if (unknown.length > 0 || !(spans >= 50_000)) {
  console.error(
    `--only takes parts of ${Object.keys(parts).join(", ")}; --spans a number from 50000`,
  );
  process.exit(2);
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 1e9)} GB, ${platform()} ${arch()}, node ${process.version}`,
);
try {
  for (const name of wanted) {
    // Others that are at work on this machine show in CPU times too, where cores share their caches.
    console.log(`\n${name} (load ${loadavg()[0]?.toFixed(1)})`);
    await parts[name]?.();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printGoals(findings);
