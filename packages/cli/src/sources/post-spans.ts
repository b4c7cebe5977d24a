import { setTimeout as delay } from "node:timers/promises";
import { encodeRequest } from "@spancost/receiver";
import type { Span } from "@spancost/records";
import { CommandError } from "../errors.ts";
import { NoAnswerError, sendRequest } from "./http-request.ts";
import type { ReceiverNote } from "./receiver-note.ts";
import { toOtlp } from "./to-otlp.ts";

/** Waits between tries, in milliseconds, of a receiver that has too much to do. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000];
const patience = { connectMillis: 5_000, answerMillis: 60_000, slowMillis: 60_000, onSlow() {} };

/** What is needed of a receiver's note. */
type Target = Pick<ReceiverNote, "otlp_url" | "token" | "cert">;

/**
 * Sends spans to a receiver as any exporter would, and waits until they are stored.
 *
 * @throws CommandError where it does not take them
 */
export async function postSpans(receiver: Target, spans: readonly Span[]): Promise<void> {
  const url = new URL("v1/traces", `${receiver.otlp_url}/`);
  const body = Buffer.from(encodeRequest(toOtlp(spans)));
  for (const pause of [...pauses, undefined]) {
    const { statusCode, statusMessage } = await post(url, body, receiver);
    if (statusCode === 200) return;
    if (statusCode !== 503 || pause === undefined) {
      throw new CommandError(
        `the receiver at ${url.origin} answers ${statusCode} ${statusMessage}: ` +
          "the rest was not sent. What was sent before is stored; run the same command again.",
      );
    }
    await delay(pause);
  }
}

async function post(url: URL, body: Buffer, { token, cert }: Target) {
  const headers = {
    "Content-Type": "application/x-protobuf",
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  try {
    const response = await sendRequest(url, { method: "POST", headers, body, cert }, patience);
    response.resume();
    return response;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    throw new CommandError(
      `the receiver at ${url.origin} went away (${error.message}): ` +
        "the rest was not sent. Run the same command again.",
    );
  }
}
