import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AskedWorld, commonTexts } from "../commands/reading-command.ts";
import { readingCommands } from "../commands/reading-commands.ts";
import { writingCommands } from "../commands/writing-commands.ts";
import { toJson } from "../envelope/write-json.ts";
import { Texts } from "../flags/texts.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { WritableWorld } from "../ports.ts";
import { type Format, formats, mediaTypes, render } from "../render/formats.ts";
import type { Page } from "../render/table.ts";
import { answerAsOf } from "../sources/as-of-run.ts";
import { didYouMean } from "../suggest.ts";
import { HttpError, send } from "./answers.ts";
import { jsonTexts } from "./json-texts.ts";
import { pageQuestions } from "./page/questions.ts";

function plainPage(texts: Texts): Page {
  return { width: Number.POSITIVE_INFINITY, zone: zoneOf(texts), style: (_, text) => text };
}

/** Of a page that brings its style along: it loads nothing and runs nothing. */
const pageHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/**
 * `GET /api/<command>?…`: the command's flags and arguments as parameters, its answer as JSON, or in another
 * form with `format`.
 *
 * @throws CommandError
 */
export async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  world: AskedWorld,
  now: number,
): Promise<void> {
  const name = url.pathname.slice("/api/".length);
  const command = readingCommands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = readingCommands.map((candidate) => candidate.name);
    throw new HttpError(
      404,
      `there is no /api/${name}.${didYouMean(name, names)} There are ${names.join(", ")} and snapshot.`,
    );
  }
  const texts = Texts.fromUrl(url.searchParams);
  texts.allow([...command.takes, ...commonTexts, "format"]);
  const isPage = texts.one("format") === "html" && command.html !== undefined;
  const format = isPage ? "json" : formatOf(texts.one("format"));
  const envelope = await answerAsOf(command, texts, command.prepare(texts, now), world);
  if (isPage && envelope.no_data !== true) {
    const page = (await command.html?.(envelope)) ?? "";
    return send(request, response, 200, "text/html; charset=utf-8", page, pageHeaders);
  }
  send(
    request,
    response,
    200,
    mediaTypes[format],
    render(envelope, format, command, plainPage(texts)),
  );
}

/**
 * `GET /api/page/<question>?…`: what only the page asks. An answer that the page has already, as its `If-None-Match`
 * says, is not sent again.
 *
 * @throws CommandError
 */
export async function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  world: AskedWorld,
  now: number,
): Promise<void> {
  const name = url.pathname.slice("/api/page/".length);
  const question = pageQuestions.find((candidate) => candidate.name === name);
  if (question === undefined) {
    const names = pageQuestions.map((candidate) => candidate.name);
    throw new HttpError(404, `there is no /api/page/${name}.${didYouMean(name, names)}`);
  }
  const texts = Texts.fromUrl(url.searchParams);
  texts.allow(question.takes);
  const envelope = await answerAsOf(question, texts, question.prepare(texts, now), world);
  const body = `${toJson(envelope)}\n`;
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const isKnown = request.headers["if-none-match"] === tag;
  const [status, text] = isKnown ? ([304, ""] as const) : ([200, body] as const);
  send(request, response, status, mediaTypes.json, text, { ETag: tag });
}

/**
 * `POST /api/<command>` with the command's texts as a JSON object: what changes something.
 *
 * @throws CommandError
 */
export async function answerWriting(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  world: WritableWorld,
  now: number,
): Promise<void> {
  const name = url.pathname.slice("/api/".length);
  const command = writingCommands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const isRead = readingCommands.some((candidate) => candidate.name === name);
    throw isRead
      ? new HttpError(405, `POST is not supported here: /api/${name} is read with GET.`)
      : new HttpError(404, `there is no /api/${name} that changes anything.`);
  }
  const texts = await jsonTexts(request);
  texts.allow([...command.takes, ...commonTexts]);
  const envelope = await command.prepare(texts, now)(world);
  send(
    request,
    response,
    200,
    mediaTypes.json,
    render(envelope, "json", command, plainPage(texts)),
  );
}

function formatOf(text: string | undefined): Format {
  const format = formats.find((candidate) => candidate === (text ?? "json"));
  if (format !== undefined) return format;
  throw new HttpError(400, `format is one of ${formats.join(", ")}, not "${text}".`);
}
