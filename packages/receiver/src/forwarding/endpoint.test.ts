import { describe, expect, test } from "vitest";
import { EndpointError, endpointOf } from "./endpoint.ts";

test.each([
  ["http://tempo:4318", "http://tempo:4318/v1/traces"],
  ["http://tempo:4318/", "http://tempo:4318/v1/traces"],
  [
    "https://cloud.langfuse.com/api/public/otel",
    "https://cloud.langfuse.com/api/public/otel/v1/traces",
  ],
  ["https://api.honeycomb.io/v1/traces", "https://api.honeycomb.io/v1/traces"],
  ["https://ingest.example.com/v2/trace/otlp", "https://ingest.example.com/v2/trace/otlp"],
  ["https://example.com/traces/otlp/v0.9", "https://example.com/traces/otlp/v0.9"],
  ["https://example.com/otlp?key=secret", "https://example.com/otlp/v1/traces"],
])("%s is %s", (address, name) => {
  expect(endpointOf(address).name).toBe(name);
});

test("a query is sent and not shown", () => {
  const { url, name } = endpointOf("https://example.com/otlp?key=secret#x");
  expect(url.href).toBe("https://example.com/otlp/v1/traces?key=secret");
  expect(name).not.toContain("secret");
});

test("user and password become a header and are not shown", () => {
  const { url, name, authorization } = endpointOf("https://pk:s%3Ak@cloud.langfuse.com/api");
  expect(authorization).toBe(`Basic ${Buffer.from("pk:s:k").toString("base64")}`);
  expect(url.href).toBe("https://cloud.langfuse.com/api/v1/traces");
  expect(name).toBe(url.href);
});

describe("an address that is none", () => {
  test.each([
    ["tempo:4318", "tempo:4318"],
    ["", ""],
    ["grpc://tempo:4317", "grpc://tempo:4317"],
    ["ftp://me:secret@host", "ftp://host"],
  ])("%j", (address, shown) => {
    expect(() => endpointOf(address)).toThrow(
      new EndpointError(
        `spans are forwarded to an address such as http://tempo:4318, not to "${shown}"`,
      ),
    );
  });

  test("with a password that is not encoded", () => {
    expect(() => endpointOf("https://me:100%@host")).toThrow("percent-encoded");
  });
});
