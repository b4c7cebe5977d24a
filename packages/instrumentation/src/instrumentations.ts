import { diag } from "@opentelemetry/api";
import { envList } from "./environment.ts";
import { withOpenAi7 } from "./openai-7.ts";
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

/** Where instrumentations are that may be running already, or `undefined` where none is installed. */
export function placeOfInstrumentations(): ModulePlace | undefined {
  return findPlaceOf(everything) ?? placeOfNeeded();
}

/**
 * The client's before those of requests: where an application has instrumentations with hooks of different versions, only
 * those beside one hook see what is imported, and a call is worth more than the request around it.
 */
function placeOfNeeded(): ModulePlace | undefined {
  const names = ["@opentelemetry/instrumentation-openai", ...needed.map(([name]) => name)];
  return names.map(findPlaceOf).find((candidate) => candidate !== undefined);
}

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
    return { instrumentations: make().map(coveringOpenAi7), place };
  }
  const base = placeOfNeeded();
  if (base === undefined) {
    throw new Error("run `npm install @opentelemetry/auto-instrumentations-node`");
  }
  return { instrumentations: needed.flatMap(([name, type]) => made(name, type)), place: base };
}

function made(name: string, type: string): readonly unknown[] {
  const place = findPlaceOf(name);
  if (place === undefined || !isWanted(name)) return [];
  try {
    return [coveringOpenAi7(new (classNamed(place.load(name), type))())];
  } catch (problem) {
    diag.error(`spancost: ${name} does not load`, problem);
    return [];
  }
}

/** Where the inside of an instrumentation is not as expected, it is left as it is. */
function coveringOpenAi7(instrumentation: unknown): unknown {
  const { _modules: modules } = instrumentation as { readonly _modules?: unknown };
  for (const definition of Array.isArray(modules) ? modules : []) {
    const { name, supportedVersions } = definition as {
      readonly name?: unknown;
      readonly supportedVersions?: unknown;
    };
    if (name !== "openai" || !Array.isArray(supportedVersions)) continue;
    supportedVersions.forEach((range: unknown, at) => {
      supportedVersions[at] = withOpenAi7(String(range));
    });
  }
  return instrumentation;
}

function isWanted(name: string): boolean {
  const short = name.replace("@opentelemetry/instrumentation-", "");
  const enabled = envList("OTEL_NODE_ENABLED_INSTRUMENTATIONS");
  const disabled = envList("OTEL_NODE_DISABLED_INSTRUMENTATIONS");
  return !disabled.includes(short) && (enabled.length === 0 || enabled.includes(short));
}
