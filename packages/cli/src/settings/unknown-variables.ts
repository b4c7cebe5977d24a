import type { Command } from "commander";
import { nearestName } from "../suggest.ts";
import { settableOptions } from "./settings-file.ts";

const prefix = "SPANCOST_";

/** Variables that are no option's: what reads each. */
const others: Readonly<Record<string, readonly string[]>> = {
  commands: ["TOKEN"],
  instrumentation: [
    "DISABLED",
    "DOCTOR",
    "LOG",
    "METRICS",
    "PROPAGATE_TO",
    "RECOVER_USAGE",
    "STARTING_HOOKS",
  ],
  "collector-config": ["ENDPOINT", "GRPC", "INSECURE"],
};

/** What Kubernetes sets in every pod beside a service that is called spancost: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables */
const ofKubernetes = /^(SERVICE_(HOST|PORT(_.+)?)|PORT(_.+)?)$/;

/** A sentence for each variable that looks like one of spancost's and is none: it was mistyped, and does nothing. */
export function unknownVariables(
  program: Command,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const ofOptions = [...settableOptions(program).values()].flatMap((options) =>
    options.map(({ option }) => (option.envVar ?? "").slice(prefix.length)),
  );
  const known = new Set([...ofOptions, ...Object.values(others).flat()]);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((name) => !known.has(name) && !ofKubernetes.test(name))
    .map((name) => {
      const meant = nearestName(name, known);
      const hint = meant === undefined ? "" : ` Did you mean ${prefix}${meant}?`;
      return `${prefix}${name} is set, and nothing reads it.${hint}`;
    });
}
