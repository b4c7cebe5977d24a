import type { Store } from "@spancost/store";

/** Work that goes on in the background until it is stopped. */
export interface Settling {
  /** Resolves once the turn that is under way is over. */
  stop(): Promise<void>;
}

/**
 * Milliseconds between two turns. A turn is some forty statements, whose planning takes a tenth of a second however
 * few spans there are; who asks does not wait for it, but settles what there is.
 */
const pause = 5_000;

/** Works out calls and costs soon after spans arrive, so that questions need not wait for it. */
export function settleInBackground(
  store: Pick<Store, "settleInBackground">,
  onError: (error: unknown) => void,
): Settling {
  let turn: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    turn ??= store
      .settleInBackground()
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
