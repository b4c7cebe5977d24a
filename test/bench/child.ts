import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A program of `children/`, which answers messages: most with how much CPU it has used. */
export class Child {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Starts `children/NAME.ts`; resolves with what it says first. */
  static async start<Ready>(name: string, ...args: readonly string[]): Promise<[Child, Ready]> {
    const program = new URL(`./children/${name}.ts`, import.meta.url);
    const child = fork(program, args, { execArgv: ["--conditions=spancost-source"] });
    const failed = once(child, "exit").then(([code]) => {
      throw new Error(`${name} ended with ${code}`);
    });
    const [ready] = await Promise.race([once(child, "message"), failed]);
    failed.catch(() => undefined);
    return [new Child(child), ready as Ready];
  }

  /** Microseconds of CPU so far, in all its threads. */
  cpu(): Promise<number> {
    return this.ask<number>();
  }

  /** What it answers a message with. */
  async ask<Answer>(): Promise<Answer> {
    this.#process.send("tell");
    const [answer] = await once(this.#process, "message");
    return answer as Answer;
  }

  /** Resolves once it has ended by itself. */
  async ended(): Promise<void> {
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}

/** In a child: says `ready`, and from then on answers each message with the CPU used so far. */
export function answerWithCpu(ready: unknown): void {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.send?.(ready);
}
