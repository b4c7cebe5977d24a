import { type Cell, quickCell } from "./cells.ts";
import { installProject, type Project } from "./project.ts";
import { startService } from "./service.ts";

/** Odd, for a middle; each kind of start takes its turn, so that a busy machine disturbs all alike. */
const rounds = 9;

const everything = "@opentelemetry/auto-instrumentations-node";

interface Start {
  readonly name: string;
  readonly project: Project;
  readonly flags: readonly string[];
}

/** Prints how long the service takes to listen: alone, with `register`, and with OpenTelemetry's own `register`. */
export async function printColdStarts(chosen: readonly Cell[]): Promise<void> {
  const auto = chosen.find(({ packages }) => everything in packages);
  if (auto === undefined) return;
  const [few, all] = [await installProject(quickCell), await installProject(auto)];
  const register = "@spancost/instrumentation/register";
  const starts: readonly Start[] = [
    { name: "nothing", project: few, flags: [] },
    { name: "--require register of spancost", project: few, flags: ["--require", register] },
    { name: "--import register of spancost", project: few, flags: ["--import", register] },
    {
      name: "--require register of auto-instrumentations",
      project: all,
      flags: ["--require", `${everything}/register`],
    },
    {
      name: "--require register of spancost, with these",
      project: all,
      flags: ["--require", register],
    },
  ];
  const times = starts.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, start] of starts.entries()) times[index]?.push(await startOnce(start));
  }
  console.log("\ncold start of an express service with the OpenAI client, median in ms");
  for (const [index, { name }] of starts.entries()) {
    console.log(`${name.padEnd(50)} ${median(times[index] ?? []).toFixed(0)}`);
  }
}

async function startOnce({ project, flags }: Start): Promise<number> {
  const env = {
    MODEL_URL: "http://127.0.0.1:9",
    OTEL_TRACES_EXPORTER: "console",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_NODE_RESOURCE_DETECTORS: "env",
  };
  const service = await startService(project, { flags, app: "apps/answers.cjs", env });
  await service.stop();
  return service.startMillis;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
