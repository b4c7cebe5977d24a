import * as workerThreads from "node:worker_threads";

const mark = "SPANCOST_STARTING_HOOKS";

/** Does what starts Node's thread for loader hooks, so that the thread knows itself. */
export function startingHookThread(start: () => void): void {
  process.env[mark] = "true";
  try {
    start();
  } finally {
    delete process.env[mark];
  }
}

/**
 * Node preloads what `--require` names into its own thread for loader hooks too, where no application runs: an SDK there
 * would be a second one. Newer versions of Node say which thread it is; for others it was marked when it started.
 */
export function isInHookThread(): boolean {
  const { isInternalThread, isMainThread } = workerThreads as typeof workerThreads & {
    readonly isInternalThread?: boolean;
  };
  return isInternalThread === true || (!isMainThread && process.env[mark] !== undefined);
}
