import type { Store } from "@spancost/store";

/** Work that goes on in the background until it is stopped. */
export interface Settling {
  /** Resolves once the turn that is under way is over. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks for traces that changed; the look itself takes one or two. */
const pause = 1_000;

/** Works out calls and costs soon after spans arrive, so that questions need not wait for it. */
export function settleInBackground(
  store: Pick<Store, "settle">,
  onError: (error: unknown) => void,
): Settling {
  let turn: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    turn ??= store
      .settle()
      .catch(onError)
      .finally(() => {
        turn = undefined;
      });
  }, pause);
  return {
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}
