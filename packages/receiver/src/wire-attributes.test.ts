import { numberOfKey } from "@spancost/semconv";
import { expect, test } from "vitest";
import { keyList } from "../../semconv/src/key-list.ts";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { decodeRequest } from "./decoder.ts";
import { encodeRequest, type OtlpAttribute } from "./encode-request.ts";
import { Problems } from "./problems.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";

const model = "gen_ai.request.model";
const text = (key: string, stringValue: string): OtlpAttribute => ({ key, value: { stringValue } });

/** What `read` makes of spans that have these attributes, one span after the other in one request. */
function readAll<Row>(
  spans: readonly (readonly OtlpAttribute[])[],
  read: (attributes: {
    get(key: string): unknown;
    at?(number: number): unknown;
    keys(): Iterable<string>;
    keysWithoutNumber?(): Iterable<string>;
  }) => Row,
): Row[] {
  const decoder = new ProtobufDecoder({
    keepAttribute: (key) => key !== "prompt",
    read: ({ attributes }) => read(attributes),
  });
  const sent = spans.map((attributes) => sampleSpan({ attributes }));
  return decodeRequest(decoder, encodeRequest(sampleRequest(...sent))).spans;
}

test("an attribute is found by its name, and by its number where it has one", () => {
  const found = readAll([[text(model, "gpt-5"), text("my.own", "x")]], (attributes) => [
    attributes.get(model),
    attributes.at?.(numberOfKey(model) ?? -1),
    attributes.get("my.own"),
    attributes.get("prompt"),
    attributes.at?.(numberOfKey("gen_ai.response.model") ?? -1),
  ]);
  expect(found).toEqual([["gpt-5", "gpt-5", "x", undefined, undefined]]);
});

test("nothing of a span is left when the next one is read", () => {
  const found = readAll(
    [[text(model, "gpt-5"), text("my.own", "x")], [text("other", "y")], []],
    (attributes) => [[...attributes.keys()], attributes.get(model), attributes.get("my.own")],
  );
  expect(found).toEqual([
    [[model, "my.own"], "gpt-5", "x"],
    [["other"], undefined, undefined],
    [[], undefined, undefined],
  ]);
});

test("keys without a number are told apart from the others", () => {
  const sent = [text("spancost.tag.plan", "pro"), text(model, "gpt-5"), text("tier", "x")];
  const found = readAll([sent, [text(model, "gpt-5")]], (attributes) => [
    ...(attributes.keysWithoutNumber?.() ?? []),
  ]);
  expect(found).toEqual([["spancost.tag.plan", "tier"], []]);
});

test("a value that is asked for twice is the same, and a number is not made into a text", () => {
  const key = "gen_ai.usage.input_tokens";
  const sent = [{ key, value: { intValue: 300 } }, text(model, "gpt-5")];
  const found = readAll([sent], (attributes) => [
    attributes.get(key),
    attributes.get(key),
    attributes.get(model),
    attributes.get(model),
  ]);
  expect(found).toEqual([[300, 300, "gpt-5", "gpt-5"]]);
});

test("requests that are decoded in turns do not disturb each other", () => {
  const decoder = new ProtobufDecoder({
    keepAttribute: () => true,
    read: ({ attributes, resource }) => [
      attributes.get("n"),
      resource.attributes.get("service.name"),
    ],
  });
  const request = (name: string) => {
    const spans = Array.from({ length: 6 }, (_, nth) =>
      sampleSpan({ attributes: [text("n", `${name}${nth}`)] }),
    );
    const { resourceSpans: [first] = [] } = sampleRequest(...spans);
    const resource = { attributes: [text("service.name", name)] };
    return encodeRequest({ resourceSpans: [{ ...first, resource }] });
  };
  const [a, b] = ["a", "b"].map((name) => decoder.batches(request(name), new Problems(), 2));
  const found = [a, b, b, a, a, b].map((batches) => batches?.next().value);
  const pair = (name: string, nth: number) => [
    [`${name}${nth}`, name],
    [`${name}${nth + 1}`, name],
  ];
  expect(found).toEqual([
    pair("a", 0),
    pair("b", 0),
    pair("b", 2),
    pair("a", 2),
    pair("a", 4),
    pair("b", 4),
  ]);
});

test("a key that gets its number late is found all the same", () => {
  const late = "a.key.that.nobody.has.asked.for";
  const find = (attributes: { get(key: string): unknown; at?(number: number): unknown }) => {
    const { numbers } = keyList(late);
    return [attributes.get(late), attributes.at?.(numbers[0] ?? -1)];
  };
  expect(readAll([[text(late, "x")], [text("other", "y")]], find)).toEqual([
    ["x", "x"],
    [undefined, undefined],
  ]);
});
