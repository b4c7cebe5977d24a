import { type TracerProvider, trace } from "@opentelemetry/api";

/** The provider that spans come from; the API hands out a stand-in until one is registered. */
export function currentProvider(): TracerProvider {
  const provider = trace.getTracerProvider() as TracerProvider & {
    getDelegate?: () => TracerProvider;
  };
  return provider.getDelegate?.() ?? provider;
}

/** Where the SDKs 2.x and 3.x keep their processors. No public way leads there, so it is looked at before it is used. */
interface Processors {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: unknown };
}

/** The span processors of the SDK that runs, its own list; `undefined` in SDKs that keep them elsewhere. */
export function runningProcessors(): unknown[] | undefined {
  const processors = (currentProvider() as Processors)._activeSpanProcessor?._spanProcessors;
  return Array.isArray(processors) ? processors : undefined;
}

/** Whether an SDK is registered. The API's own provider, which makes no spans, is called by this name. */
export function isSdkRunning(): boolean {
  return currentProvider().constructor.name !== "NoopTracerProvider";
}
