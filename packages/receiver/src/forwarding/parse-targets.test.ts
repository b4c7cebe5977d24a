import { describe, expect, test } from "vitest";
import { parseTargets, TargetError, type TargetTexts } from "./parse-targets.ts";

function targets(texts: Partial<TargetTexts>, environment = {}) {
  return parseTargets({ forward: [], header: [], content: [], ...texts }, environment);
}

test("nothing is forwarded where nothing is said", () => {
  expect(targets({})).toEqual([]);
});

test("one destination needs no name, and gets no content", () => {
  expect(targets({ forward: ["http://tempo:4318"], header: ["X-Scope-OrgID=a=b"] })).toEqual([
    { address: "http://tempo:4318", headers: { "X-Scope-OrgID": "a=b" }, content: "strip" },
  ]);
});

test("several have names that their headers and their content go by", () => {
  expect(
    targets(
      {
        forward: [
          "tempo=http://tempo:4318",
          "langfuse=https://cloud.langfuse.com/api/public/otel?a=b",
        ],
        header: ["langfuse:Authorization=env:LANGFUSE_AUTH", "tempo:X-Scope-OrgID=shop"],
        content: ["langfuse=keep"],
      },
      { LANGFUSE_AUTH: "Basic cGs6c2s=" },
    ),
  ).toEqual([
    { address: "http://tempo:4318", headers: { "X-Scope-OrgID": "shop" }, content: "strip" },
    {
      address: "https://cloud.langfuse.com/api/public/otel?a=b",
      headers: { Authorization: "Basic cGs6c2s=" },
      content: "keep",
    },
  ]);
});

test("content can be said for all, but for one", () => {
  const forward = ["a=http://a", "b=http://b"];
  const modes = targets({ forward, content: ["keep", "b=strip"] }).map(({ content }) => content);
  expect(modes).toEqual(["keep", "strip"]);
});

describe("a mistake is told with what to type, and never with a secret", () => {
  const two = ["a=http://a", "b=http://b"];
  test.each<[Partial<TargetTexts>, string]>([
    [
      { forward: ["tempo:4318"] },
      '--forward: spans are forwarded to an address such as http://tempo:4318, not to "tempo:4318"',
    ],
    [{ forward: ["a=http://a", "a=http://b"] }, "--forward has two destinations called a"],
    [{ header: ["Authorization=secret"] }, "--forward-header Authorization needs a --forward"],
    [
      { forward: two, header: ["Authorization=secret"] },
      "--forward-header Authorization would go to 2 destinations: name one, as in --forward NAME=URL --forward-header NAME:Authorization=…",
    ],
    [
      { forward: two, header: ["c:Authorization=secret"] },
      '--forward-header is for a destination "c", and there is a, b: give it as --forward c=URL',
    ],
    [
      { forward: ["http://a"], header: ["a:Authorization=secret"] },
      '--forward-header is for a destination "a", and none has a name: give it as --forward a=URL',
    ],
    [
      { forward: ["http://a"], header: ["secret"] },
      "--forward-header takes KEY=VALUE, or NAME:KEY=VALUE for one destination",
    ],
    [
      { forward: ["http://a"], header: ["Authorization=env:NOT_THERE"] },
      "--forward-header Authorization reads NOT_THERE, which is not set",
    ],
    [{ forward: ["http://a"], header: ["X-Key="] }, "--forward-header X-Key has no value"],
    [
      { forward: ["http://a"], header: ["X-Key=secret\nX-Other: 1"] },
      '--forward-header "X-Key" cannot be sent: it has characters that no header may have',
    ],
    [
      { forward: ["http://a"], header: ["Content-Length=3"] },
      "--forward-header Content-Length is set by spancost itself",
    ],
    [
      { forward: ["http://a"], content: ["no"] },
      '--forward-content takes keep or strip, or NAME=keep for one destination, not "no"',
    ],
  ])("%j", (texts, message) => {
    expect(() => targets(texts)).toThrow(new TargetError(message));
  });
});
