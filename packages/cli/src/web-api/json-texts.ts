import type { IncomingMessage } from "node:http";
import { Texts } from "../flags/texts.ts";
import { HttpError } from "./answers.ts";

/** A contract file may have 1 MB; in JSON each of its characters takes a few more at worst. */
const maxBytes = 4_000_000;

/**
 * The texts in a request's body: `{"name": ["text", …]}`.
 *
 * JSON it must be: a page of another site cannot send that without asking first, and is not answered when it asks.
 *
 * @throws HttpError
 */
export async function jsonTexts(request: IncomingMessage): Promise<Texts> {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim();
  if (type !== "application/json") {
    throw new HttpError(415, "a request that changes something is sent as application/json.");
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new HttpError(413, `the request has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return textsIn(Buffer.concat(chunks).toString("utf8"));
}

function textsIn(body: string): Texts {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw notTexts();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notTexts();
  return new Texts(Object.entries(value).map(([name, texts]) => [name, textList(texts)] as const));
}

function textList(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((text) => typeof text === "string")) throw notTexts();
  return list;
}

function notTexts(): HttpError {
  return new HttpError(400, 'the body is no JSON object of texts, such as {"run": "2"}.');
}
