import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How long each request took until its answer, in milliseconds. */
export type Latencies = readonly number[];

/** How requests are sent. */
export interface Sending {
  readonly port: number;
  readonly path?: string;
  readonly connections?: number;
  /** Requests a second; without it each connection sends as soon as it has its answer. */
  readonly rate?: number;
}

/**
 * Sends all of `bodies` and waits for the answers.
 *
 * @throws Error where an answer is not 200
 */
export async function sendAll(
  bodies: readonly Buffer[],
  { port, path = "/v1/traces", connections = 64, rate }: Sending,
): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const send = async (body: Buffer) => {
    const begun = performance.now();
    await post(agent, port, path, body);
    latencies.push(performance.now() - begun);
  };
  try {
    if (rate === undefined) {
      let next = 0;
      const connection = async () => {
        for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await send(body);
      };
      await Promise.all(Array.from({ length: connections }, connection));
    } else {
      const started = performance.now();
      await Promise.all(
        bodies.map(async (body, index) => {
          await delay(Math.max(0, started + (index / rate) * 1000 - performance.now()));
          await send(body);
        }),
      );
    }
  } finally {
    agent.destroy();
  }
  return latencies;
}

/** Sends one body, gzipped. @throws Error where the answer is not 200 */
export function post(agent: Agent, port: number, path: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "Content-Type": "application/x-protobuf",
      "Content-Encoding": "gzip",
      "Content-Length": body.byteLength,
    };
    const outgoing = request(
      { agent, host: "127.0.0.1", port, path, method: "POST", headers },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          answer.statusCode === 200
            ? resolve()
            : reject(new Error(`${path} is answered with ${answer.statusCode}`)),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
