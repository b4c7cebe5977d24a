import {
  type Attributes,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { W3CBaggagePropagator } from "@opentelemetry/core";
import { AttributionPropagator, withAttribution, withFeature } from "@spancost/instrumentation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { call, kinds, Service } from "./service.ts";

let service: Service;
beforeEach(() => {
  service = new Service();
});
afterEach(() => service.stop());

/** What a request carries that an HTTP instrumentation makes a span for, as undici's does. */
function sentWith(attributes: Attributes, kind: number = kinds.client): string | undefined {
  const carrier: Record<string, string> = {};
  const span = trace.getTracer("@opentelemetry/instrumentation-undici").startSpan("POST", {
    kind,
    attributes,
  });
  propagation.inject(trace.setSpan(context.active(), span), carrier, defaultTextMapSetter);
  span.end();
  return carrier["baggage"];
}

function requestTo(url: string): Attributes {
  const { hostname, pathname } = new URL(url);
  return {
    "http.request.method": "POST",
    "url.full": url,
    "url.path": pathname,
    "server.address": hostname,
  };
}

describe("attribution leaves the process", () => {
  beforeEach(() => {
    propagation.setGlobalPropagator(
      new AttributionPropagator(new W3CBaggagePropagator(), ["*.example.com"]),
    );
  });

  test.each([
    ["http://orders/new", "a service by its name"],
    ["http://orders.shop.svc.cluster.local:8080/new", "a service in the cluster"],
    ["http://10.0.0.7/new", "a private address"],
    ["https://api.example.com/new", "a host that is listed"],
  ])("with a request to %s, %s", (url) => {
    const sent = withAttribution({ feature: "search answers", user: "u-1" }, () =>
      sentWith(requestTo(url)),
    );
    expect(sent).toBe("spancost.feature=search%20answers,spancost.user=u-1");
  });

  test.each([
    ["https://api.openai.com/v1/files"],
    ["https://api.stripe.com/v1/charges"],
    ["https://api.openai.com/v1/chat/completions"],
    ["http://litellm:4000/v1/chat/completions"],
    ["http://localhost:11434/v1/responses"],
    ["http://169.254.169.254/latest/meta-data"],
  ])("not with a request to %s", (url) => {
    expect(withFeature("search", () => sentWith(requestTo(url)))).toBeUndefined();
  });

  test("not with any request inside a call to a model, wherever it goes", async () => {
    const sent = await withFeature("search", () =>
      call(() => sentWith(requestTo("http://gateway/x"))),
    );
    expect(sent).toBeUndefined();
  });

  test("with a message to a queue, and with headers that the service writes itself", () => {
    expect(withFeature("f", () => sentWith({}, kinds.producer))).toBe("spancost.feature=f");
    expect(withFeature("f", () => sentWith({}, kinds.internal))).toBe("spancost.feature=f");
  });

  test("not where no span tells of the request", () => {
    const carrier = {};
    withFeature("f", () => propagation.inject(context.active(), carrier));
    expect(carrier).toEqual({});
  });

  test("nowhere, where the owner says so", () => {
    propagation.disable();
    propagation.setGlobalPropagator(new AttributionPropagator(new W3CBaggagePropagator(), false));
    expect(withFeature("f", () => sentWith(requestTo("http://orders/")))).toBeUndefined();
  });

  test("beside what others put into the baggage, which goes wherever it went before", () => {
    const theirs = propagation.createBaggage({ tenant: { value: "t" } });
    context.with(propagation.setBaggage(ROOT_CONTEXT, theirs), () => {
      withFeature("f", () => {
        expect(sentWith(requestTo("http://orders/"))).toBe("tenant=t,spancost.feature=f");
        expect(sentWith(requestTo("https://api.openai.com/v1/responses"))).toBe("tenant=t");
      });
    });
  });

  test("and arrives in the next service, which does not pass it on to a model", async () => {
    const header = withAttribution({ feature: "search", team: "ml" }, () =>
      sentWith(requestTo("http://orders/")),
    );
    const received = propagation.extract(ROOT_CONTEXT, { baggage: header }, defaultTextMapGetter);
    await context.with(received, async () => {
      await call(() => {}, "downstream");
      expect(sentWith(requestTo("https://api.openai.com/v1/responses"))).toBeUndefined();
      expect(sentWith(requestTo("http://next/"))).toBe(header);
    });
    expect(service.attributesOf("downstream")).toMatchObject({
      "spancost.feature": "search",
      "spancost.team": "ml",
    });
  });

  test("what strangers send is cut to what is harmless", async () => {
    const baggage = `spancost.feature=${"x".repeat(500)},spancost.user=a%0d%0ab,spancost.cost=1`;
    const received = propagation.extract(ROOT_CONTEXT, { baggage }, defaultTextMapGetter);
    await context.with(received, () => call(() => {}, "strange"));
    const attributes = service.attributesOf("strange");
    expect(attributes["spancost.feature"]).toBe("x".repeat(128));
    expect(attributes["spancost.user"]).toBe("a__b");
    expect(attributes["spancost.cost"]).toBeUndefined();
  });
});
