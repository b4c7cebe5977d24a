// Fetches the browser of test/browser into .cache/browsers, where there is none on this machine. Part of
// `npm run test:browser` and of CI.
//
// Where it cannot be fetched it says why, and the tests that need it are left out and say so too.
import { findChromium, installChromium, reasonOf } from "./chromium.ts";

await installChromium().catch((error: unknown) => {
  console.error(`No browser could be fetched: ${reasonOf(error)}`);
});
const found = findChromium();
console.error("path" in found ? `browser: ${found.path}` : `No browser: ${found.reason}`);
