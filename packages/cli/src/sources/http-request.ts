import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** A request to a receiver. */
export interface Asked {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /**
   * The certificate that the receiver shows, in PEM, where it is known: it is then trusted whatever names are in
   * it, and nobody else is.
   */
  readonly cert?: string | undefined;
}

/** How long is waited, in milliseconds, and what is done meanwhile. */
export interface Patience {
  /** For a connection. A machine that is there takes or refuses one at once. */
  readonly connectMillis: number;
  /** For the beginning of the answer. */
  readonly answerMillis: number;
  readonly slowMillis: number;
  /** Called once, after `slowMillis`. */
  onSlow(): void;
}

/** Nothing came, or nothing more. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
  /** An answer may still come: it is the receiver that takes long. */
  readonly isConnected: boolean;

  constructor(reason: string, isConnected: boolean) {
    super(reason);
    this.isConnected = isConnected;
  }
}

/**
 * Sends a request, and resolves when the answer begins.
 *
 * Not `fetch`: that waits for a connection and for an answer as long as it likes, and says nothing.
 * @throws NoAnswerError
 */
export function sendRequest(url: URL, asked: Asked, patience: Patience): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const known = asked.cert !== undefined && {
    ca: asked.cert,
    checkServerIdentity: () => undefined,
  };
  const options = { method: asked.method ?? "GET", headers: { ...asked.headers }, ...known };
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const request = send(url, options);
    const giveUp = (reason: string) => request.destroy(new Error(reason));
    const slow = setTimeout(() => patience.onSlow(), patience.slowMillis);
    let late = setTimeout(
      () => giveUp(`no connection within ${patience.connectMillis / 1000} s`),
      patience.connectMillis,
    );
    const settle = () => {
      clearTimeout(slow);
      clearTimeout(late);
    };
    const connected = () => {
      isConnected = true;
      clearTimeout(late);
      late = setTimeout(
        () => giveUp(`no answer within ${patience.answerMillis / 1000} s`),
        patience.answerMillis,
      );
    };
    request.once("socket", (socket) => {
      // One that an earlier request has left connects no more.
      if (request.reusedSocket) return connected();
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", connected);
    });
    request.once("response", (response) => {
      settle();
      resolve(response);
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      settle();
      reject(new NoAnswerError(error.code ?? error.message, isConnected));
    });
    request.end(asked.body);
  });
}
