import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { safetyHeaders, send } from "../answers.ts";

/** Where the build of `@spancost/web` puts the page. */
export const pageFolder = join(
  dirname(createRequire(import.meta.url).resolve("@spancost/web/package.json")),
  "dist",
  "page",
);

/** The paths of the page's views. All are the same file: which one is shown, its script reads from the URL. */
const views = /^\/(explain|traces|trace\/[0-9a-f]{8,32}|quality|queries(\/[a-z0-9-]+)?)?$/;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
  /** Its name changes with what is in it. */
  readonly isForGood: boolean;
}

/** The built page, held in memory: it is small, and stays the same while a receiver runs. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;

  /** @param folder that of the build; without one, views say how to make it */
  constructor(folder: string = pageFolder) {
    this.#files = new Map(filesIn(folder).map((path) => [`/${path}`, read(folder, path)]));
  }

  /** Whether something of the page is at `path`: a view, or a file that it loads. */
  has(path: string): boolean {
    return views.test(path) || (this.#files.has(path) && path !== "/index.html");
  }

  answer(request: IncomingMessage, response: ServerResponse, path: string): void {
    const file = this.#files.get(views.test(path) ? "/index.html" : path);
    if (file === undefined) {
      send(request, response, 503, "text/plain; charset=utf-8", notBuilt);
      return;
    }
    const isZipped = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    const body = isZipped ? file.zipped : file.bytes;
    response.writeHead(200, {
      ...safetyHeaders,
      // Behind a token it is for who has one, and for nobody else's cache.
      "Cache-Control": file.isForGood ? "private, max-age=31536000, immutable" : "no-cache",
      "Content-Type": file.type,
      "Content-Length": body.byteLength,
      Vary: "Accept-Encoding",
      ...(isZipped && { "Content-Encoding": "gzip" }),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

const notBuilt =
  "The page is not built yet. In the folder of spancost run: npm run build\nThe API at /api/ answers without it.\n";

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => extname(path) in types);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function read(folder: string, path: string): PageFile {
  const bytes = readFileSync(join(folder, path));
  const type = types[extname(path)] ?? "application/octet-stream";
  return { type, bytes, zipped: gzipSync(bytes), isForGood: path.startsWith("assets/") };
}
