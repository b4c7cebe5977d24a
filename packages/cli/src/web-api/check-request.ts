import type { IncomingMessage } from "node:http";
import { HttpError } from "./answers.ts";
import { isAllowedHost } from "./hosts.ts";

/** @throws HttpError for what is not a plain read or a change by this machine's own tools and pages */
export function checkRequest(request: IncomingMessage, allowedHosts: readonly string[]): void {
  if (!isAllowedHost(request.headers.host, allowedHosts)) {
    throw new HttpError(
      403,
      `requests to ${request.headers.host ?? "no host"} are not answered here, lest other pages read it. ` +
        "If the name is yours, start the receiver with --allow-host NAME.",
    );
  }
  const isWriting = request.method === "POST" && request.url?.startsWith("/api/") === true;
  if (request.method !== "GET" && request.method !== "HEAD" && !isWriting) {
    const isTraces = request.url?.startsWith("/v1/") === true;
    const where = isTraces ? " Traces go to the port of --http-port, usually 4318." : "";
    throw new HttpError(405, `${request.method} is not supported here.${where}`);
  }
  if (isFromElsewhere(request) && (isWriting || !isFollowedLink(request))) {
    throw new HttpError(403, "pages of other sites may link here, and load nothing from here.");
  }
}

/** Told by every browser, of every request. https://www.w3.org/TR/fetch-metadata/ */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  return headers["sec-fetch-site"] === "cross-site" || headers["sec-fetch-site"] === "same-site";
}

/** In a window of its own: a frame within another's page is none. */
function isFollowedLink({ headers }: IncomingMessage): boolean {
  const into = headers["sec-fetch-dest"];
  return headers["sec-fetch-mode"] === "navigate" && (into === undefined || into === "document");
}
