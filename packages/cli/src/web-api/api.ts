import type { IncomingMessage, ServerResponse } from "node:http";
import { readingCommands } from "../commands/reading-commands.ts";
import { Texts } from "../flags/texts.ts";
import type { World } from "../ports.ts";
import { type Format, formats, mediaTypes, render } from "../render/formats.ts";
import { didYouMean } from "../suggest.ts";
import { HttpError, send } from "./answers.ts";

const plainPage = { width: Number.POSITIVE_INFINITY, style: (_: string, text: string) => text };

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
  world: World,
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
  texts.allow([...command.takes, "format"]);
  const format = formatOf(texts.one("format"));
  const envelope = await command.prepare(texts, now)(world);
  send(request, response, 200, mediaTypes[format], render(envelope, format, command, plainPage));
}

function formatOf(text: string | undefined): Format {
  const format = formats.find((candidate) => candidate === (text ?? "json"));
  if (format !== undefined) return format;
  throw new HttpError(400, `format is one of ${formats.join(", ")}, not "${text}".`);
}
