// A server that takes bodies, inflates them and forgets them: node, express or express-raw.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { inflate } from "../../../packages/receiver/src/inflate.ts";
import { answerWithCpu } from "../child.ts";

const limit = 64 * 1024 * 1024;

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    inflate(Buffer.concat(chunks), limit);
    response.end();
  });
}

function appWith(...handlers: express.RequestHandler[]): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.post("/v1/traces", ...handlers);
  return app;
}

const listeners = {
  node: () => take,
  express: () => appWith((request, response) => take(request, response)),
  "express-raw": () =>
    appWith(express.raw({ type: () => true, limit }), (_request, response) => {
      response.end();
    }),
};

const mode = process.argv[2] as keyof typeof listeners;
const server = createServer(listeners[mode]());
server.listen(0, "127.0.0.1", () => answerWithCpu((server.address() as AddressInfo).port));
