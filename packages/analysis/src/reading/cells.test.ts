import { expect, test } from "vitest";
import { contextOf } from "./cells.ts";

test("calls of a feature are of one context, whichever service makes them", () => {
  const search = { feature: "search", environment: "prod" };
  expect(contextOf({ ...search, service: "api" })).toBe(
    contextOf({ ...search, service: "worker" }),
  );
});

test("calls without a feature are told apart by their service", () => {
  const unknown = { feature: null, environment: "prod" };
  expect(contextOf({ ...unknown, service: "a" })).not.toBe(contextOf({ ...unknown, service: "b" }));
  expect(contextOf({ ...unknown, service: "a" })).not.toBe(
    contextOf({ feature: "a", environment: "prod", service: "a" }),
  );
});
