import { type TracerProvider, trace } from "@opentelemetry/api";

/** The provider that spans come from; the API hands out a stand-in until one is registered. */
export function currentProvider(): TracerProvider {
  const provider = trace.getTracerProvider() as TracerProvider & {
    getDelegate?: () => TracerProvider;
  };
  return provider.getDelegate?.() ?? provider;
}

/** Whether an SDK is registered. The API's own provider, which makes no spans, is called by this name. */
export function isSdkRunning(): boolean {
  return currentProvider().constructor.name !== "NoopTracerProvider";
}
