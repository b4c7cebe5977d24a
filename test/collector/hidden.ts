import type { Secrets } from "../canary/secrets.ts";
import type { AnyValue, Request } from "../canary/traces.ts";

/** A span with secrets inside lists and objects, under names that are let through. */
export function hiddenInLists(secrets: Secrets): Request {
  const text = (place: string): AnyValue => ({ stringValue: secrets.at(place) });
  const attributes = [
    { key: "gen_ai.agent.name", value: { arrayValue: { values: [text("a list")] } } },
    {
      key: "gen_ai.request.model",
      value: { kvlistValue: { values: [{ key: "a", value: text("an object") }] } },
    },
    { key: "spancost.tag.note", value: { arrayValue: { values: [text("a list of tags")] } } },
  ];
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    startTimeUnixNano: "1763700001234567890",
    endTimeUnixNano: "1763700001234567999",
    attributes,
  };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}
