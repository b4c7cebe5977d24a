import { afterEach, expect, test, vi } from "vitest";
import { withoutContent } from "./ai-sdk.ts";

afterEach(() => vi.unstubAllEnvs());

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
  const wrapped = withoutContent(integration) as Integration;
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
  const wrapped = withoutContent(new Integration()) as Integration;
  const event = {};
  expect(wrapped.executeTool(event)).toBe(event);
  expect(wrapped.onStart(undefined)).toBe("returned");
});

test("where OpenTelemetry's own variable asks for content, nothing is changed", () => {
  vi.stubEnv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");
  const integration = new Integration();
  expect(withoutContent(integration)).toBe(integration);
});
