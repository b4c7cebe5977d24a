import { afterEach, expect, test, vi } from "vitest";
import { quietIntegration } from "./ai-sdk.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** As the AI SDK calls its integrations. */
class Integration {
  readonly heard: unknown[] = [];

  onStart(event: unknown, more?: unknown): string {
    this.heard.push(event, more);
    return "returned";
  }

  executeTool(event: unknown): unknown {
    return event;
  }
}

test("calls are told to record neither prompts nor answers, unless they ask for them", () => {
  const integration = new Integration();
  const wrapped = quietIntegration(integration) as Integration;
  expect(wrapped.onStart({ callId: "1" }, "more")).toBe("returned");
  wrapped.onStart({ callId: "2", recordInputs: true, recordOutputs: undefined });
  expect(integration.heard).toEqual([
    { callId: "1", recordInputs: false, recordOutputs: false },
    "more",
    { callId: "2", recordInputs: true, recordOutputs: false },
    undefined,
  ]);
});

test("what is no event passes through", () => {
  const wrapped = quietIntegration(new Integration()) as Integration;
  const event = {};
  expect(wrapped.executeTool(event)).toBe(event);
  expect(wrapped.onStart(undefined)).toBe("returned");
});

test("where OpenTelemetry's own variable asks for content, what the AI SDK says is passed on", () => {
  vi.stubEnv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");
  const integration = new Integration();
  const event = { callId: "1" };
  (quietIntegration(integration) as Integration).onStart(event);
  expect(integration.heard[0]).toBe(event);
});

test("beside an integration of the application's own it tells nothing: each call would be told twice", () => {
  class OpenTelemetry {}
  const integration = new Integration();
  const wrapped = quietIntegration(integration) as Integration;
  vi.stubGlobal("AI_SDK_TELEMETRY_INTEGRATIONS", [wrapped, new OpenTelemetry()]);
  wrapped.onStart({ callId: "1" });
  expect(wrapped.executeTool("as before")).toBe("as before");
  vi.stubGlobal("AI_SDK_TELEMETRY_INTEGRATIONS", [wrapped, new Integration()]);
  wrapped.onStart({ callId: "2" });
  expect(integration.heard).toMatchObject([{ callId: "2" }, undefined]);
});
