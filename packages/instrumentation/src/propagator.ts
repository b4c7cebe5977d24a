import {
  type Context,
  type Span,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { isModelRequest } from "@spancost/semconv";
import { putIntoBaggage, takeFromBaggage } from "./baggage.ts";
import { isDisabled } from "./environment.ts";
import { isListedHost, isPrivateHost } from "./own-hosts.ts";
import { report } from "./quietly.ts";
import { callOf } from "./span-notes.ts";
import { travelIn } from "./travel.ts";

/** `SpanKind.CLIENT` of the SDK. */
const client = 2;

/**
 * Lets attribution travel to the service's own other services, and to nobody else, as W3C baggage.
 *
 * It wraps the propagator in use, which does all the writing: without W3C baggage in it nothing of ours is sent.
 * Whatever it cannot tell to be safe it sends nothing of ours with: requests to a model, requests that no
 * instrumentation made a span for, hosts outside the network that are not listed.
 */
export class AttributionPropagator implements TextMapPropagator {
  readonly #base: TextMapPropagator;
  readonly #hosts: readonly string[];
  readonly #sends: boolean;

  /** @param propagateTo public hosts that attribution may go to, or `false` for nowhere at all */
  constructor(base: TextMapPropagator, propagateTo: readonly string[] | false = []) {
    this.#base = base;
    this.#hosts = propagateTo === false ? [] : propagateTo;
    this.#sends = propagateTo !== false && !isDisabled();
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    let sent = context;
    try {
      sent = takeFromBaggage(context);
      const travel = this.#sends ? travelIn(context) : undefined;
      if (travel !== undefined && this.#mayTravel(context)) sent = putIntoBaggage(sent, travel);
    } catch (problem) {
      report("propagating attribution", problem);
    }
    this.#base.inject(sent, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.#base.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.#base.fields();
  }

  #mayTravel(context: Context): boolean {
    const span = trace.getSpan(context) as (Span & SpanFacts) | undefined;
    if (span?.attributes === undefined || callOf(span) !== undefined) return false;
    // A message to a queue, or headers that the service writes itself: its own doing.
    if (span.kind !== client) return true;
    const { attributes } = span;
    const url = textOf(attributes, "url.full") ?? textOf(attributes, "http.url");
    const path = textOf(attributes, "url.path") ?? pathOf(url) ?? textOf(attributes, "http.target");
    if (isModelRequest("POST", path)) return false;
    const host =
      textOf(attributes, "server.address") ?? textOf(attributes, "net.peer.name") ?? hostOf(url);
    return host !== undefined && (isPrivateHost(host) || isListedHost(host, this.#hosts));
  }
}

/** What an SDK's span has beside the API's; a span that is not recorded has none of it. */
interface SpanFacts {
  readonly kind?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

function textOf(attributes: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function pathOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined;
}
