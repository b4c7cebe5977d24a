import { setTimeout as delay } from "node:timers/promises";
import { encodeRequest } from "@spancost/receiver";
import type { Span } from "@spancost/records";
import { CommandError } from "../errors.ts";
import { toOtlp } from "./to-otlp.ts";

/** Waits between tries, in milliseconds, of a receiver that has too much to do. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Sends spans to a receiver as any exporter would, and waits until they are stored.
 *
 * @throws CommandError where it does not take them
 */
export async function postSpans(otlpUrl: string, spans: readonly Span[]): Promise<void> {
  const url = new URL("v1/traces", `${otlpUrl}/`);
  const body = Buffer.from(encodeRequest(toOtlp(spans)));
  for (const pause of [...pauses, undefined]) {
    const response = await post(url, body);
    if (response.ok) return;
    if (response.status !== 503 || pause === undefined) {
      throw new CommandError(
        `the receiver at ${url.origin} answers ${response.status} ${response.statusText}: ` +
          "the rest was not sent. What was sent before is stored; run the same command again.",
      );
    }
    await delay(pause);
  }
}

async function post(url: URL, body: Buffer<ArrayBuffer>): Promise<Response> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/x-protobuf" },
      body,
    });
    await response.arrayBuffer();
    return response;
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    throw new CommandError(
      `the receiver at ${url.origin} went away (${cause?.code ?? String(error)}): ` +
        "the rest was not sent. Run the same command again.",
    );
  }
}
