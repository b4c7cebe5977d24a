import { expect, test } from "vitest";
import { traceLinkOf } from "./trace-link.ts";

test("a web address with the place of the id is a template", () => {
  const template = "https://tempo.example/explore?trace={trace_id}#top";
  expect(traceLinkOf(template)).toBe(template);
  expect([traceLinkOf(undefined), traceLinkOf("")]).toEqual([undefined, undefined]);
});

test.each([
  ["https://tempo.example/trace/", "--trace-link takes an address with {trace_id} in it"],
  ["javascript:alert('{trace_id}')", "--trace-link takes an address that begins with https://"],
  ["tempo.example/{trace_id}", "--trace-link takes an address that begins with https://"],
])("%s is none", (text, message) => {
  expect(() => traceLinkOf(text)).toThrow(message);
});
