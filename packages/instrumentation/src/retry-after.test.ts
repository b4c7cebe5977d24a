import { expect, test } from "vitest";
import { retryAfterMillis } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1);

test.each([
  [{ "retry-after-ms": "15" }, 15],
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "15", "retry-after": "2" }, 15],
  [{ "retry-after": new Date(now + 3_000).toUTCString() }, 3_000],
  [{ "retry-after": "3600" }, undefined],
  [{ "retry-after": "-1" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": new Date(now - 3_000).toUTCString() }, undefined],
  [{}, undefined],
])("%j asks to wait %s ms", (headers, millis) => {
  expect(retryAfterMillis({ headers }, now)).toBe(millis);
  expect(retryAfterMillis({ headers: new Headers(headers) }, now)).toBe(millis);
  expect(retryAfterMillis({ response: { headers } }, now)).toBe(millis);
});

test.each([undefined, null, "text", new Error("x")])("%s asks for nothing", (error) => {
  expect(retryAfterMillis(error, now)).toBeUndefined();
});
