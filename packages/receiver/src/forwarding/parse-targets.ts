import { validateHeaderName, validateHeaderValue } from "node:http";
import { EndpointError, endpointOf } from "./endpoint.ts";
import type { ForwardTarget } from "./forwarder.ts";
import type { ContentMode } from "./splice-spans.ts";

/** How people say where spans go on to. Each may be given several times. */
export interface TargetTexts {
  /** `URL`, or `NAME=URL`. */
  readonly forward: readonly string[];
  /** `KEY=VALUE`, or `NAME:KEY=VALUE`. A value `env:VARIABLE` is read from the environment. */
  readonly header: readonly string[];
  /** `keep` or `strip`, or `NAME=keep`. Default `strip`. */
  readonly content: readonly string[];
}

/** What is wrong with it, for the person who wrote it; never with the value of a header. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}

interface Draft {
  readonly name: string | undefined;
  readonly address: string;
  readonly headers: Record<string, string>;
  content: ContentMode | undefined;
}

/** Those that forwarding sets itself. */
const ownHeaders = /^(?:content-.*|transfer-encoding|connection|host|expect|spancost-.*)$/i;

/**
 * Where spans go on to.
 *
 * With several destinations a header says which one it is for, or the key of one would be shown to the others.
 *
 * @param environment what `env:` reads from
 * @throws TargetError
 */
export function parseTargets(
  texts: TargetTexts,
  environment: Readonly<Record<string, string | undefined>>,
): ForwardTarget[] {
  const drafts = texts.forward.map(draftOf);
  const names = drafts.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TargetError(`--forward has two destinations called ${twice}`);
  for (const text of texts.header) addHeader(drafts, text, environment);
  let common: ContentMode = "strip";
  for (const text of texts.content) {
    const { name, mode } = contentOf(text);
    if (name === undefined) common = mode;
    else named(drafts, name, "--forward-content").content = mode;
  }
  return drafts.map(({ address, headers, content }) => ({
    address,
    headers,
    content: content ?? common,
  }));
}

function draftOf(text: string): Draft {
  const [, name, address = text] = /^([a-z][\w-]*)=(.*)$/is.exec(text) ?? [];
  try {
    endpointOf(address);
  } catch (error) {
    if (error instanceof EndpointError) throw new TargetError(`--forward: ${error.message}`);
    throw error;
  }
  return { name, address, headers: {}, content: undefined };
}

function addHeader(
  drafts: readonly Draft[],
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const [, name, key = "", given = ""] = /^(?:([a-z][\w-]*):)?([^=:]+)=(.*)$/is.exec(text) ?? [];
  if (key === "") {
    throw new TargetError(
      "--forward-header takes KEY=VALUE, or NAME:KEY=VALUE for one destination",
    );
  }
  const variable = /^env:(.*)$/s.exec(given)?.[1];
  const value = variable === undefined ? given : environment[variable];
  if (value === undefined || value === "") {
    const where = variable === undefined ? "has no value" : `reads ${variable}, which is not set`;
    throw new TargetError(`--forward-header ${key} ${where}`);
  }
  if (ownHeaders.test(key))
    throw new TargetError(`--forward-header ${key} is set by spancost itself`);
  try {
    validateHeaderName(key);
    validateHeaderValue(key, value);
  } catch {
    throw new TargetError(
      `--forward-header ${JSON.stringify(key)} cannot be sent: it has characters that no header may have`,
    );
  }
  if (name !== undefined) named(drafts, name, "--forward-header").headers[key] = value;
  else if (drafts.length === 1 && drafts[0] !== undefined) drafts[0].headers[key] = value;
  else {
    throw new TargetError(
      drafts.length === 0
        ? `--forward-header ${key} needs a --forward`
        : `--forward-header ${key} would go to ${drafts.length} destinations: name one, as in --forward NAME=URL --forward-header NAME:${key}=…`,
    );
  }
}

function contentOf(text: string): { name: string | undefined; mode: ContentMode } {
  const [, name, mode] = /^(?:([a-z][\w-]*)=)?(keep|strip)$/i.exec(text) ?? [];
  if (mode === undefined) {
    throw new TargetError(
      `--forward-content takes keep or strip, or NAME=keep for one destination, not ${JSON.stringify(text)}`,
    );
  }
  return { name, mode: mode.toLowerCase() as ContentMode };
}

function named(drafts: readonly Draft[], name: string, flag: string): Draft {
  const draft = drafts.find((candidate) => candidate.name === name);
  if (draft !== undefined) return draft;
  const names = drafts.flatMap((candidate) => candidate.name ?? []);
  const there = names.length === 0 ? "none has a name" : `there is ${names.join(", ")}`;
  throw new TargetError(
    `${flag} is for a destination ${JSON.stringify(name)}, and ${there}: give it as --forward ${name}=URL`,
  );
}
