import { isDisabled } from "./environment.ts";

// Awaited, so that the application starts only when everything is in place. Switched off, not even the code is loaded.
if (!isDisabled()) {
  try {
    const { registerSpancost } = await import("./register-spancost.ts");
    await registerSpancost();
  } catch (problem) {
    // Whatever does not load here, the application does not pay for it.
    process.stderr.write(
      `spancost: not started: ${problem instanceof Error ? problem.message : "unknown reason"}\n`,
    );
  }
}
