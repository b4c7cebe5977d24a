import { basename } from "node:path";
import { textOfFlag } from "../flags/flag-files.ts";
import { type BudgetsText, budgetsOf } from "./budgets-file.ts";

/** The budgets of a receiver: a file that is read when it starts, and when it is told to. */
export class ReceiverBudgets {
  readonly #file: string;
  #text: BudgetsText;

  private constructor(file: string, text: BudgetsText) {
    this.#file = file;
    this.#text = text;
  }

  /** @throws CommandError where the file cannot be read, or with everything that is wrong in it */
  static async read(file: string): Promise<ReceiverBudgets> {
    return new ReceiverBudgets(file, await checkedText(file));
  }

  get text(): BudgetsText {
    return this.#text;
  }

  /** Reads the file again. @throws CommandError, and then the budgets stay those of before */
  async reload(): Promise<void> {
    this.#text = await checkedText(this.#file);
  }
}

async function checkedText(file: string): Promise<BudgetsText> {
  const read = { text: textOfFlag("budgets", file), fileName: basename(file) };
  await budgetsOf(read);
  return read;
}
