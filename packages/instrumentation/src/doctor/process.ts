import { envText, isDisabled } from "../environment.ts";
import { isSdkRunning, runningProcessors } from "../running-sdk.ts";
import { shared } from "../shared.ts";
import { type Finding, startsRegister } from "./finding.ts";

/** What can be told of this process: whether spans of model calls are made, priced and exported. Looks at numbers only. */
export function examineProcess(): readonly Finding[] {
  if (isDisabled()) {
    return [
      {
        code: "disabled",
        severity: "info",
        message: "SPANCOST_DISABLED or OTEL_SDK_DISABLED is set: nothing is done here.",
        fix: "unset SPANCOST_DISABLED OTEL_SDK_DISABLED",
      },
    ];
  }
  return [...examineSdk(), ...examineExport(), ...examineCalls()];
}

function examineSdk(): readonly Finding[] {
  if (!isSdkRunning()) {
    return [
      {
        code: "sdk_not_running",
        severity: "error",
        message: "No OpenTelemetry SDK is running in this process.",
        fix: startsRegister,
      },
    ];
  }
  const findings: Finding[] = [];
  if (!shared.hadProcessor) {
    findings.push({
      code: "processor_missing",
      severity: "error",
      message: "An OpenTelemetry SDK is running, without spancost.",
      fix: "new NodeSDK(withSpancost({ … }))   // or spanProcessors: [new SpanCostProcessor(), …]",
    });
  }
  if (runningProcessors()?.length === 1 && shared.processors > 0) {
    findings.push({
      code: "exporter_missing",
      severity: "error",
      message:
        "spancost is the only span processor: no span is exported. NodeSDK drops the exporter of OTEL_* where it is given processors.",
      fix: "new NodeSDK(withSpancost({ … }))",
    });
  }
  return findings;
}

/** Whether the receiver takes what is sent to it, as far as the exporter is one of the environment's. */
function examineExport(): readonly Finding[] {
  const { spansGiven, spansSent, spansLost } = shared.seen;
  if (spansGiven === 0 || (spansSent > 0 && spansLost === 0)) return [];
  const reason = shared.exportProblem ?? "no answer yet";
  const isRefused = /unauthorized|forbidden|unauthenticated|permission_denied/i.test(reason);
  return [
    {
      code: "spans_not_taken",
      severity: spansSent === 0 ? "error" : "warning",
      message: `${spansSent === 0 ? "No span was" : `${spansLost} of ${spansGiven} spans were not`} taken by ${endpoint()}: ${reason}.`,
      fix: isRefused
        ? "export OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20TOKEN   # of spancost token NAME"
        : "export OTEL_EXPORTER_OTLP_ENDPOINT=…   # as spancost serve prints it at its start",
    },
  ];
}

/** Where spans go, without what may be secret in it. */
function endpoint(): string {
  const text =
    envText("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? envText("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (text === undefined) return "the exporter's default endpoint on this machine";
  return URL.canParse(text) ? new URL(text).host : "OTEL_EXPORTER_OTLP_ENDPOINT";
}

function examineCalls(): readonly Finding[] {
  const { calls, priced, cacheUnknown, usageUnknown, failed, bareRequests } = shared.seen;
  const findings: Finding[] = [];
  if (bareRequests > 0) {
    findings.push({
      code: "calls_without_span",
      severity: calls === 0 ? "error" : "warning",
      message: `${bareRequests} requests were sent to model APIs outside of any span of a model call; ${calls} calls had one.`,
      fix: "npx spancost doctor   # in the folder of the service: says which client is not covered",
    });
  } else if (calls === 0) {
    findings.push({
      code: "no_call_yet",
      severity: "info",
      message: "No model call has been made yet, as far as can be seen.",
      fix: "make one, then look again",
    });
  }
  if (cacheUnknown > 0) {
    findings.push({
      code: "cache_unknown",
      severity: "warning",
      message: `Of ${cacheUnknown} of ${calls} calls it is not known how much of the input was cached: their cost may be too high.`,
      fix: "new OpenAI({ fetch: usageFetch() })   // import { usageFetch } from '@spancost/instrumentation'",
    });
  }
  if (usageUnknown > 0) {
    findings.push({
      code: "usage_unknown",
      severity: "warning",
      message: `${usageUnknown} of ${calls} calls tell no tokens, so they have no price: a stream of OpenAI's API tells them only where it is asked to.`,
      fix: "stream_options: { include_usage: true }   // in the request",
    });
  }
  const unpriced = calls - priced - usageUnknown - failed;
  if (unpriced > 0) {
    findings.push({
      code: "calls_unpriced",
      severity: "info",
      message: `${unpriced} of ${calls} calls have no price; spancost.unpriced_reason on their spans says why.`,
      fix: "spancost prices unpriced",
    });
  }
  return findings;
}
