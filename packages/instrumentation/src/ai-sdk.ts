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
    registerTelemetry(quietIntegration(new OpenTelemetry({ usage: true })));
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
 * `integration` that records no prompts and answers, except for calls that ask for them or where OpenTelemetry's own
 * variable does; and nothing at all where the application has registered one of its own, which tells of each call already.
 */
export function quietIntegration(integration: object): object {
  const tellsContent = envFlag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT");
  const quiet: object = new Proxy(integration, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (typeof name !== "string" || !name.startsWith("on")) return value.bind(target);
      return (event: unknown, ...rest: readonly unknown[]) => {
        if (isTwin(quiet)) return undefined;
        const told = !tellsContent && isObject(event) ? silent(event) : event;
        return value.call(target, told, ...rest);
      };
    },
  });
  return quiet;
}

/** Somebody else has registered an integration with OpenTelemetry beside `own`. The AI SDK keeps them in a global list. */
function isTwin(own: object): boolean {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: all } = globalThis as {
    readonly AI_SDK_TELEMETRY_INTEGRATIONS?: unknown;
  };
  return (
    Array.isArray(all) &&
    all.some(
      (other: unknown) =>
        isObject(other) && other !== own && /OpenTelemetry$/.test(other.constructor?.name ?? ""),
    )
  );
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
