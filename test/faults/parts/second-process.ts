import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { runCommand } from "../../flow/command.ts";
import { violationsOf } from "../oracle.ts";
import { newFolder, type Outcome, sendersOf, type World } from "../part.ts";
import { ReceiverProcess } from "../receiver-process.ts";

const run = promisify(execFile);

/**
 * Others want the same file while a receiver has it: a second receiver, a program that opens it with DuckDB, before
 * and after somebody copied it. All are refused, and nothing is lost.
 */
export async function secondProcess(world: World, wanted: number): Promise<Outcome> {
  const { ledger, load } = sendersOf(world, 9, { senders: 3, pauseMs: 20 });
  const { folder, db } = newFolder(world, "second");
  const receiver = await ReceiverProcess.start(db);
  load.target = receiver.target;
  load.resume();
  const violations: string[] = [];
  const attempts = [
    () => serveAgain(folder, db),
    () => openWithDuckDb(db),
    async () => {
      await run("cp", [db, `${db}.copy`]);
      return openWithDuckDb(db);
    },
    async () => {
      // A question and a snapshot read the file from within its owner.
      const out = `${db}.snapshot`;
      const { code, stderr } = await runCommand(folder, ["snapshot", out, "--db", db, "--force"]);
      return code === 0 ? openWithDuckDb(db) : `no snapshot while running: ${stderr}`;
    },
  ];
  for (let nth = 0; nth < wanted; nth++) {
    const found = await attempts[nth % attempts.length]?.();
    if (found !== undefined) violations.push(`attempt ${nth}: ${found}`);
  }
  await load.drain();
  violations.push(...(await violationsOf((sql) => receiver.ask(sql), ledger)));
  await load.stop();
  await receiver.stop();
  return { faults: wanted, ledgers: [ledger], figures: {}, violations };
}

async function serveAgain(folder: string, db: string): Promise<string | undefined> {
  const ports = ["--http-port", "0", "--web-port", "0"];
  const { code, stderr } = await runCommand(folder, ["serve", "--db", db, ...ports]);
  const isRefused = code === 1 && stderr.includes("open already");
  return isRefused ? undefined : `a second receiver ended with ${code}: ${stderr}`;
}

const opening = `
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(process.argv[1]);
  const connection = await instance.connect();
  await connection.run("create table taken_over (x integer)");
  console.log("opened");
`;

async function openWithDuckDb(db: string): Promise<string | undefined> {
  try {
    const node = ["--input-type=module", "-e", opening, db];
    await run(process.execPath, node, { cwd: resolve("packages/store") });
    return "another program could write to the receiver's database";
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return /lock/i.test(stderr ?? "") ? undefined : `opening it failed otherwise: ${stderr}`;
  }
}
