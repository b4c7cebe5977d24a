import type { Cell } from "./cells.ts";
import type { ModuleKind, Scenario } from "./scenarios.ts";

/** A way in which a user starts OpenTelemetry with spancost in it. */
export interface Setup {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node, or `undefined` where this way does not go with the cell, the service or its kind of modules. */
  flags(cell: Cell, scenario: Scenario, kind: ModuleKind): readonly string[] | undefined;
}

const register = "@spancost/instrumentation/register";

/** What the packages that a set-up file imports belong to. */
function hasOtel({ otel }: Cell): boolean {
  return otel !== "npm";
}

export const setups: readonly Setup[] = [
  { name: "--import register", flags: () => ["--import", register] },
  {
    name: "--require register",
    flags: (_cell, _scenario, kind) => (kind === "cjs" ? ["--require", register] : undefined),
  },
  {
    name: "withSpancost",
    flags: (cell, { app }, kind) => {
      // That the application need do nothing for the AI SDK 7 is a feature of `register`.
      if (!hasOtel(cell) || app === "weather-7") return undefined;
      return kind === "cjs"
        ? ["--require", "./setups/with-spancost.cjs"]
        : ["--import", "./setups/with-spancost.mjs"];
    },
  },
  {
    name: "SpanCostProcessor",
    flags: (cell, { app, behind }, kind) => {
      // Attribution between services and registering with the AI SDK are not a processor's.
      if (!hasOtel(cell) || behind !== undefined || app === "weather-7") return undefined;
      if (kind === "cjs") return undefined;
      return ["--import", `./setups/processor-${cell.otel === "2.x" ? 2 : 3}.mjs`];
    },
  },
  {
    name: "beside an SDK that runs",
    env: {
      // Without its look-ups of cloud metadata, which warn where there is none.
      OTEL_NODE_RESOURCE_DETECTORS: "env,process",
      // Node says that the loader flag is experimental.
      NODE_NO_WARNINGS: "1",
    },
    flags: (cell, { app }, kind) => {
      const everything = "@opentelemetry/auto-instrumentations-node";
      // It keeps the process alive after SIGTERM unless the service closes what is open itself.
      if (!(everything in cell.packages) || app !== "answers") return undefined;
      if (kind === "cjs") return ["--require", `${everything}/register`, "--require", register];
      const loader = "@opentelemetry/instrumentation/hook.mjs";
      const flags = ["--import", `${everything}/register`, "--import", register];
      return [`--experimental-loader=${loader}`, ...flags];
    },
  },
];
