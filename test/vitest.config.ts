import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["spancost-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    setupFiles: ["test/seed.ts"],
    // Hundreds of tests start the command line: what is compiled once takes half as long to start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("../.cache/compiled", import.meta.url)) },
    // Much of it is waiting for other processes: no core is left free for them, as would be the default.
    maxWorkers: "100%",
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: ".cache/test-results.json" }]]
      : ["default"],
    testTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/{src,page}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: { name: "flow", include: ["test/**/*.test.ts"] },
      },
    ],
  },
});
