import { pathToFileURL } from "node:url";
import { envFlag } from "./environment.ts";
import { report } from "./quietly.ts";
import { findPlaceOf } from "./sdk-modules.ts";

/**
 * Version 7 of the Vercel AI SDK makes spans only for who registers its integration: done here where the application has
 * both `ai` and `@ai-sdk/otel`. Earlier versions, and version 7 alone, are left as they are.
 *
 * Source: ai-sdk.dev, "Telemetry".
 */
export async function registerAiSdk(): Promise<void> {
  const ai = findPlaceOf("ai")?.find("ai");
  const otel = findPlaceOf("@ai-sdk/otel")?.find("@ai-sdk/otel");
  if (ai === undefined || otel === undefined) return;
  try {
    const { registerTelemetry } = await import(pathToFileURL(ai).href);
    const { OpenTelemetry } = await import(pathToFileURL(otel).href);
    if (typeof registerTelemetry !== "function" || typeof OpenTelemetry !== "function") return;
    registerTelemetry(withoutContent(new OpenTelemetry({ usage: true })));
  } catch (problem) {
    report("registering with the AI SDK", problem);
  }
}

/** What the AI SDK tells an integration; it puts prompts and answers on spans unless these two are false. */
interface TelemetryEvent {
  readonly recordInputs?: boolean;
  readonly recordOutputs?: boolean;
}

/**
 * `integration` that records no prompts and answers, except for calls that ask for them, or where OpenTelemetry's own
 * variable does.
 */
export function withoutContent(integration: object): object {
  if (envFlag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")) return integration;
  return new Proxy(integration, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (typeof name !== "string" || !name.startsWith("on")) return value.bind(target);
      return (event: unknown, ...rest: readonly unknown[]) =>
        value.call(target, isObject(event) ? silent(event) : event, ...rest);
    },
  });
}

function isObject(value: unknown): value is TelemetryEvent {
  return typeof value === "object" && value !== null;
}

function silent(event: TelemetryEvent): TelemetryEvent {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(event)), event);
  copy.recordInputs = event.recordInputs ?? false;
  copy.recordOutputs = event.recordOutputs ?? false;
  return copy;
}
