import { isDisabled } from "./environment.ts";

// Awaited, so that the application starts only when everything is in place. Switched off, not even the code is loaded.
if (!isDisabled()) {
  const { registerSpancost } = await import("./register-spancost.ts");
  await registerSpancost();
}
