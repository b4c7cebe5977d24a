import { resolve } from "node:path";
import { examineClients } from "./clients.ts";
import { type Finding, startsRegister } from "./finding.ts";
import {
  compareVersions,
  copiesOf,
  installedFrom,
  type PackageJson,
  readPackageJson,
} from "./installed.ts";

/**
 * What can be told of a project without running it: whether what it has installed will give spans of its model calls. Reads
 * package.json files and nothing else of the project's own.
 *
 * @param folder where the project's package.json is
 * @param isRegistered it is known to start with `register`; left out: as its start scripts say
 */
export function examineProject(folder: string, isRegistered?: boolean): readonly Finding[] {
  const root = resolve(folder);
  const project = readPackageJson(root);
  if (project === undefined) {
    return [
      {
        code: "no_package_json",
        severity: "error",
        message: `There is no package.json in ${root}.`,
        fix: "cd into the folder of your service",
      },
    ];
  }
  return [
    ...examinePackages(root),
    ...examineApi(root),
    ...examineNode(root),
    ...examineClients(root, isRegistered ?? hasRegister(project)),
    ...examineModules(root, project),
  ];
}

function hasRegister({ scripts = {} }: PackageJson): boolean {
  return Object.values(scripts).some((script) =>
    /@spancost\/instrumentation\/register/.test(script),
  );
}

function examinePackages(root: string): readonly Finding[] {
  if (installedFrom(root, "@spancost/instrumentation") !== undefined) return [];
  return [
    {
      code: "instrumentation_missing",
      severity: "error",
      message: "@spancost/instrumentation is not installed.",
      fix: "npm install @spancost/instrumentation",
    },
  ];
}

/** A copy that is newer than the one that the SDK registers with finds no SDK: OpenTelemetry's rule for its API. */
function examineApi(root: string): readonly Finding[] {
  const copies = copiesOf(root, "@opentelemetry/api");
  if (copies.length === 0) {
    return [
      {
        code: "api_missing",
        severity: "error",
        message: "@opentelemetry/api is not installed.",
        fix: "npm install @opentelemetry/api",
      },
    ];
  }
  const versions = [...new Set(copies.map(({ version }) => version))].sort(compareVersions);
  const minors = new Set(versions.map((version) => version.split(".", 2).join(".")));
  if (minors.size < 2) return [];
  return [
    {
      code: "api_copies",
      severity: "warning",
      message: `There are ${copies.length} copies of @opentelemetry/api, of the versions ${versions.join(", ")}; what uses a newer one than the SDK makes no spans.`,
      fix: "npm dedupe   # then: npm ls @opentelemetry/api",
    },
  ];
}

function examineNode(root: string): readonly Finding[] {
  const sdk = installedFrom(root, "@opentelemetry/sdk-node");
  const needed =
    sdk && /(\d+\.\d+\.\d+)/.exec(readPackageJson(sdk.folder)?.engines?.node ?? "")?.[1];
  // A range of several majors names the oldest first; 2.x runs on all that spancost runs on.
  if (sdk === undefined || needed === undefined) return [];
  if (compareVersions(process.versions.node, needed) >= 0) return [];
  return [
    {
      code: "sdk_needs_newer_node",
      severity: "error",
      message: `@opentelemetry/sdk-node ${sdk.version} needs Node ${needed}; this is ${process.versions.node}.`,
      fix: "npm install @opentelemetry/sdk-node@0.223   # or a newer Node",
    },
  ];
}

/** ES modules need a loader hook, and instrumentations with a hook of their own do not see them. */
function examineModules(root: string, project: PackageJson): readonly Finding[] {
  const findings: Finding[] = [];
  const starts = Object.values(project.scripts ?? {}).filter((script) =>
    /auto-instrumentations-node\/register/.test(script),
  );
  const isEsm = project.type === "module" || starts.some((script) => /\.mjs\b/.test(script));
  if (isEsm && starts.some((script) => !/hook\.mjs|spancost/.test(script))) {
    findings.push({
      code: "esm_without_hook",
      severity: "error",
      message:
        "The application is of ES modules, and its start script has no loader hook for them: no model client is seen.",
      fix: `${startsRegister}   # instead of auto-instrumentations-node/register`,
    });
  }
  const own = isEsm ? hooksOfTheirOwn(root) : [];
  if (own.length > 0) {
    findings.push({
      code: "own_import_hook",
      severity: "warning",
      message: `${own.join(", ")} brings an import hook of its own, which sees no ES modules beside OpenTelemetry's.`,
      fix: "new OpenAIInstrumentation().manuallyInstrument(OpenAI)   # once, after importing the client",
    });
  }
  return findings;
}

const instrumentationsOfOthers = [
  "@traceloop/instrumentation-openai",
  "@traceloop/instrumentation-anthropic",
  "@arizeai/openinference-instrumentation-openai",
  "@arizeai/openinference-instrumentation-anthropic",
];

function hooksOfTheirOwn(root: string): readonly string[] {
  const shared = installedFrom(root, "import-in-the-middle")?.folder;
  return instrumentationsOfOthers.filter((name) => {
    const found = installedFrom(root, name);
    if (found === undefined) return false;
    const base = installedFrom(found.folder, "@opentelemetry/instrumentation") ?? found;
    return installedFrom(base.folder, "import-in-the-middle")?.folder !== shared;
  });
}
