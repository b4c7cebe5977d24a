import { addressGroup } from "./access/address-group.ts";
import { RateLimits } from "./access/rate-limits.ts";
import { isDenied, type TokenBook } from "./access/token-book.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { RequestError, tooBusy } from "./request.ts";
import type { Sender } from "./sink.ts";

/** What a request costs before anything of it is read: a stream or a socket's buffers, about. */
const requestBytes = 16 * 1024;

/** What lets requests in. */
export interface GateOptions {
  /** Who may send. `undefined` lets in everybody. */
  readonly tokens: TokenBook | undefined;
  /** Memory of all requests that are let in. */
  readonly budget: ByteBudget;
}

/** Lets requests in before anything of their bodies is read. */
export class Gate {
  readonly #options: GateOptions;
  readonly #rates = new RateLimits();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * A place for one request, which must be released.
   *
   * @param authorization its `Authorization` header
   * @param address of the sender
   * @throws RequestError 401 or 403 without a fitting token, 503 where its sender sends too fast or too much
   */
  admit(authorization: string | undefined, address: string | undefined): Admitted {
    const { tokens, budget } = this.#options;
    if (tokens === undefined) {
      const name = addressGroup(address);
      return new Admitted(budget, { name, team: undefined }, () => {});
    }
    const now = Date.now();
    const token = tokens.check(authorization, "write", now);
    if (isDenied(token)) throw new RequestError(token.status, token.message);
    const { name, team, bytesPerSecond } = token;
    if (bytesPerSecond !== undefined && !this.#rates.admits(name, bytesPerSecond, now)) {
      throw new RequestError(
        503,
        `the token allows ${bytesPerSecond} bytes per second: try again, or send less`,
      );
    }
    return new Admitted(budget, { name, team }, (bytes) => {
      if (bytesPerSecond !== undefined) this.#rates.charge(name, bytesPerSecond, bytes, Date.now());
    });
  }
}

/** One request that was let in, with the memory that it holds. */
export class Admitted {
  readonly sender: Sender;
  /** Charges the sender for a body of so many bytes, once it is inflated. */
  readonly charge: (bytes: number) => void;
  readonly #budget: ByteBudget;
  #held = 0;

  /** @throws RequestError 503 where its sender holds too much already */
  constructor(budget: ByteBudget, sender: Sender, charge: (bytes: number) => void) {
    this.sender = sender;
    this.charge = charge;
    this.#budget = budget;
    this.hold(requestBytes);
  }

  /** Takes `bytes` of memory. @throws RequestError 503 where there are not so many for this sender. */
  hold(bytes: number): void {
    if (!this.#budget.take(this.sender.name, bytes)) throw tooBusy();
    this.#held += bytes;
  }

  /** Gives all of its memory back. */
  release(): void {
    this.#budget.giveBack(this.sender.name, this.#held);
    this.#held = 0;
  }
}
