// Fetches the browser of test/browser into .cache/browsers, where there is none on this machine. Part of
// `npm run test:browser` and of CI.
//
// Where it cannot be fetched it says why, and the tests that need it are left out and say so too.
import { findChromium, installChromium } from "./chromium.ts";

await installChromium().catch((error: unknown) => {
  const said = String((error as { stderr?: string }).stderr ?? error);
  const reason = /^.*(?:Error|failure).*$/im.exec(said)?.[0] ?? said.split("\n")[0];
  console.error(`No browser could be fetched: ${reason}`);
});
const found = findChromium();
console.error("path" in found ? `browser: ${found.path}` : `No browser: ${found.reason}`);
