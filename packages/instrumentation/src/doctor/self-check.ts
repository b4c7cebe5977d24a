import { diag } from "@opentelemetry/api";
import { envFlag } from "../environment.ts";
import { quietly } from "../quietly.ts";
import type { Finding } from "./finding.ts";
import { examineProcess } from "./process.ts";
import { examineProject } from "./project.ts";

/** By then a service has made a call, or has a reason not to. */
const firstLookMillis = 30_000;

/**
 * Looks once after half a minute whether model calls are seen. With `SPANCOST_DOCTOR=1` it says all that it finds, and why, on
 * stderr then and at the end of the process; without, it tells OpenTelemetry's diagnostics about errors only.
 *
 * @param hasStarted `register` started the SDK, and did not join another
 */
export function watchForTrouble(hasStarted: boolean): void {
  const isAsked = envFlag("SPANCOST_DOCTOR");
  const look = () => quietly("checking itself", () => (isAsked ? tell(hasStarted) : warn()));
  setTimeout(look, firstLookMillis).unref();
  if (isAsked) process.once("exit", look);
}

function tell(hasStarted: boolean): void {
  const findings = [...examineProcess(), ...examineProject(process.cwd(), hasStarted)];
  process.stderr.write(findingsText(findings));
}

function warn(): void {
  for (const { severity, message, fix } of examineProcess()) {
    if (severity === "error") diag.warn(`spancost: ${message} Try: ${fix}`);
  }
}

/** One finding in two lines. */
export function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return "spancost: model calls are seen, priced and exported.\n";
  return findings
    .map(
      ({ severity, message, fix }) => `spancost: ${severity}: ${message}\n          try: ${fix}\n`,
    )
    .join("");
}
