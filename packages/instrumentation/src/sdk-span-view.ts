import type { AttributeSource, AttributeValue, SpanView } from "@spancost/semconv";
import type { SdkReadableSpan, SdkResource } from "./sdk-span.ts";

/** Plain attributes, looked up key by key: only what a dialect asks for is ever touched. */
class PlainAttributes implements AttributeSource {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  get(key: string): AttributeValue {
    return this.#values[key] as AttributeValue;
  }

  keys(): Iterable<string> {
    return Object.keys(this.#values);
  }
}

const resources = new WeakMap<SdkResource, AttributeSource>();

/**
 * A resource's attributes. Those of a detector that has not answered yet are not there; asking the resource
 * for its attributes meanwhile would make the SDK log an error.
 */
function resourceAttributes(resource: SdkResource): AttributeSource {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  if (resource.asyncAttributesPending === true) {
    return new PlainAttributes(Object.fromEntries(resource.getRawAttributes?.() ?? []));
  }
  const attributes = new PlainAttributes(resource.attributes);
  resources.set(resource, attributes);
  return attributes;
}

/** The SDK counts kinds from `internal` = 0, OTLP from `unspecified` = 0. */
const otlpKindOffset = 1;
const statusError = 2;

/** An SDK span as dialects look at it, the same as what the receiver makes from OTLP. */
export class SdkSpanView implements SpanView {
  readonly attributes: AttributeSource;
  readonly #span: SdkReadableSpan;

  constructor(span: SdkReadableSpan) {
    this.#span = span;
    this.attributes = new PlainAttributes(span.attributes);
  }

  get name(): string {
    return this.#span.name;
  }

  get kind(): number {
    return this.#span.kind + otlpKindOffset;
  }

  get failed(): boolean {
    return this.#span.status.code === statusError;
  }

  get scopeName(): string {
    return this.#span.instrumentationScope.name;
  }

  get scopeVersion(): string {
    return this.#span.instrumentationScope.version ?? "";
  }

  get resource(): AttributeSource {
    return resourceAttributes(this.#span.resource);
  }

  get eventNames(): readonly string[] {
    return this.#span.events.map((event) => event.name);
  }
}
