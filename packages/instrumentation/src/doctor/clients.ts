import { withOpenAi7 } from "../openai-7.ts";
import { coveredVersions, isCovered } from "./covered-versions.ts";
import { type Finding, startsRegister } from "./finding.ts";
import { compareVersions, type InstalledPackage, installedFrom, numbersOf } from "./installed.ts";

const official = {
  openai: "@opentelemetry/instrumentation-openai",
  awsSdk: "@opentelemetry/instrumentation-aws-sdk",
} as const;

/** Instrumentations of others for the same clients. They carry an import hook of their own. */
const others = {
  openai: ["@traceloop/instrumentation-openai", "@arizeai/openinference-instrumentation-openai"],
} as const;

/** Whether each model client that a project has will make spans. @param isRegistered it starts with `register` */
export function examineClients(folder: string, isRegistered: boolean): readonly Finding[] {
  const check = (name: string, examine: Examine) => {
    const client = installedFrom(folder, name);
    return client === undefined ? [] : examine(folder, client, isRegistered);
  };
  return [
    ...check("openai", examineOpenai),
    ...check("@anthropic-ai/sdk", examineAnthropic),
    ...check("ai", examineAiSdk),
    ...check("@aws-sdk/client-bedrock-runtime", examineBedrock),
  ];
}

type Examine = (
  folder: string,
  client: InstalledPackage,
  isRegistered: boolean,
) => readonly Finding[];

const examineOpenai: Examine = (folder, client, isRegistered) => {
  if (others.openai.some((name) => installedFrom(folder, name) !== undefined)) return [];
  const instrumentation = findInstrumentation(folder, official.openai);
  if (instrumentation === undefined) return [notCovered("openai", official.openai)];
  const range = coveredVersions(instrumentation.folder, "openai");
  if (range === undefined || isCovered(client.version, range)) return [];
  const canRegister = installedFrom(folder, "@spancost/instrumentation") !== undefined;
  if (canRegister && isCovered(client.version, withOpenAi7(range))) {
    if (isRegistered) return [];
    return [
      {
        code: "client_version_not_covered",
        severity: "warning",
        message: `openai ${client.version} makes spans where the service starts with @spancost/instrumentation/register; ${official.openai} ${instrumentation.version} by itself covers ${range}.`,
        fix: startsRegister,
      },
    ];
  }
  const below = /<\s*(\d+)/.exec(range)?.[1];
  return [
    {
      code: "client_version_not_covered",
      severity: "error",
      message: `openai ${client.version} is installed; ${official.openai} ${instrumentation.version} makes spans for ${range} and says nothing.`,
      fix:
        below === undefined
          ? `npm install ${official.openai}@latest`
          : `npm install ${official.openai}@latest   # or, until it covers openai ${numbersOf(client.version)[0]}: npm install openai@${Number(below) - 1}`,
    },
  ];
};

/** Since this version the SDK makes its spans itself. */
const nativeAnthropic = "0.134.0";

function examineAnthropic(_folder: string, client: InstalledPackage): readonly Finding[] {
  if (compareVersions(client.version, nativeAnthropic) >= 0) return [];
  return [
    {
      code: "client_version_not_covered",
      severity: "error",
      message: `@anthropic-ai/sdk ${client.version} makes no spans; it does by itself since ${nativeAnthropic}.`,
      fix: "npm install @anthropic-ai/sdk@latest",
    },
  ];
}

function examineAiSdk(folder: string, client: InstalledPackage): readonly Finding[] {
  const major = numbersOf(client.version)[0] ?? 0;
  if (major < 7) {
    return [
      {
        code: "client_not_covered",
        severity: "info",
        message: `The AI SDK ${client.version} makes spans only for calls that ask for them.`,
        fix: "experimental_telemetry: { isEnabled: true, recordInputs: false, recordOutputs: false }",
      },
    ];
  }
  if (installedFrom(folder, "@ai-sdk/otel") !== undefined) return [];
  return [notCovered("ai", "@ai-sdk/otel")];
}

function examineBedrock(folder: string): readonly Finding[] {
  if (findInstrumentation(folder, official.awsSdk) !== undefined) return [];
  return [notCovered("@aws-sdk/client-bedrock-runtime", official.awsSdk)];
}

/** As the application sees it, or as the packages do that bring it. */
function findInstrumentation(folder: string, name: string): InstalledPackage | undefined {
  const bringers = ["@opentelemetry/auto-instrumentations-node", "@spancost/instrumentation"];
  const places = [
    folder,
    ...bringers.flatMap((bringer) => installedFrom(folder, bringer)?.folder ?? []),
  ];
  return places.map((place) => installedFrom(place, name)).find((found) => found !== undefined);
}

function notCovered(client: string, instrumentation: string): Finding {
  return {
    code: "client_not_covered",
    severity: "error",
    message: `${client} is installed and nothing makes spans of its calls.`,
    fix: `npm install ${instrumentation}`,
  };
}
