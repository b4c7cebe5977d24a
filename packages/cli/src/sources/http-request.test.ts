import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { NoAnswerError, sendRequest } from "./http-request.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening(server: Pick<Server, "listen" | "address" | "close" | "once">) {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  closing.push(() => server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

let slow: number;
const patience = {
  connectMillis: 300,
  answerMillis: 400,
  slowMillis: 50,
  onSlow: () => {
    slow += 1;
  },
};

/** So long that no machine is too slow for it. */
const patient = { ...patience, connectMillis: 30_000, answerMillis: 30_000, slowMillis: 30_000 };

test("an answer in time is an answer, and nobody is told of a wait", async () => {
  slow = 0;
  const url = await listening(
    createServer((request, response) => {
      text(request).then((body) => response.end(`${request.method} ${body}`));
    }),
  );
  const response = await sendRequest(url, { method: "POST", body: "hello" }, patient);
  expect([response.statusCode, await text(response), slow]).toEqual([200, "POST hello", 0]);
});

test("a server that takes connections and says nothing is waited for, told of, and given up", async () => {
  slow = 0;
  const sockets: Socket[] = [];
  const url = await listening(createTcpServer((socket) => sockets.push(socket)) as never);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  const started = performance.now();
  const error = await sendRequest(url, {}, patience).catch((reason: unknown) => reason);
  expect(error).toEqual(new NoAnswerError("no answer within 0.4 s", true));
  expect(slow).toBe(1);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("where nobody listens there is no wait", async () => {
  const url = await listening(createServer());
  for (const close of closing.splice(0)) close();
  const error = await sendRequest(url, {}, patience).catch((reason: unknown) => reason);
  expect(error).toEqual(new NoAnswerError("ECONNREFUSED", false));
});

test("a second request over the same connection may take as long as the first", async () => {
  slow = 0;
  const url = await listening(
    createServer((request, response) => {
      setTimeout(() => response.end("late"), request.url === "/slow" ? 700 : 0);
    }),
  );
  await text(await sendRequest(url, {}, patient));
  // The socket goes back to its agent in a later turn of the loop.
  await new Promise((settle) => setTimeout(settle, 50));
  const response = await sendRequest(new URL("slow", url), {}, { ...patient, connectMillis: 300 });
  expect(await text(response)).toBe("late");
});
