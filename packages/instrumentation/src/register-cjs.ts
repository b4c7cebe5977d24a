import { isInHookThread } from "./hook-thread.ts";
import { registerSpancost } from "./register-spancost.ts";

// CommonJS cannot wait; what comes late is the integration of the AI SDK alone.
if (!isInHookThread()) void registerSpancost();
