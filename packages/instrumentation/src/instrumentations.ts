import { diag } from "@opentelemetry/api";
import { envList } from "./environment.ts";
import { classNamed, findPlaceOf, type ModulePlace } from "./sdk-modules.ts";

/** All that OpenTelemetry has for Node, if the application installed it. */
const everything = "@opentelemetry/auto-instrumentations-node";

/** What cost needs: requests in and out, so that traces hang together, and the clients that do not tell of themselves. */
const needed = [
  ["@opentelemetry/instrumentation-http", "HttpInstrumentation"],
  ["@opentelemetry/instrumentation-undici", "UndiciInstrumentation"],
  ["@opentelemetry/instrumentation-openai", "OpenAIInstrumentation"],
  ["@opentelemetry/instrumentation-aws-sdk", "AwsInstrumentation"],
] as const;

export interface FoundInstrumentations {
  readonly instrumentations: readonly unknown[];
  /** Where they are, and with them the hook that they need. */
  readonly place: ModulePlace;
}

/**
 * The instrumentations to start with: all of OpenTelemetry's own where its package for that is installed, else those that
 * cost needs. `OTEL_NODE_ENABLED_INSTRUMENTATIONS` and `OTEL_NODE_DISABLED_INSTRUMENTATIONS` hold for both.
 *
 * @throws Error where not even the base of them is installed
 */
export function loadInstrumentations(): FoundInstrumentations {
  const place = findPlaceOf(everything);
  if (place !== undefined) {
    const make = place.load(everything)["getNodeAutoInstrumentations"] as () => readonly unknown[];
    return { instrumentations: make(), place };
  }
  const base = needed
    .map(([name]) => findPlaceOf(name))
    .find((candidate) => candidate !== undefined);
  if (base === undefined) {
    throw new Error("run `npm install @opentelemetry/auto-instrumentations-node`");
  }
  return { instrumentations: needed.flatMap(([name, type]) => made(name, type)), place: base };
}

function made(name: string, type: string): readonly unknown[] {
  const place = findPlaceOf(name);
  if (place === undefined || !isWanted(name)) return [];
  try {
    return [new (classNamed(place.load(name), type))()];
  } catch (problem) {
    diag.error(`spancost: ${name} does not load`, problem);
    return [];
  }
}

function isWanted(name: string): boolean {
  const short = name.replace("@opentelemetry/instrumentation-", "");
  const enabled = envList("OTEL_NODE_ENABLED_INSTRUMENTATIONS");
  const disabled = envList("OTEL_NODE_DISABLED_INSTRUMENTATIONS");
  return !disabled.includes(short) && (enabled.length === 0 || enabled.includes(short));
}
