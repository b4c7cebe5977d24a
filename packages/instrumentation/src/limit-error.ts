import type { GuardrailName } from "./options.ts";

/** A limit that its owner asked to be enforced is reached. Thrown only by functions that the owner calls. */
export class SpancostLimitError extends Error {
  override readonly name = "SpancostLimitError";
  readonly guardrail: GuardrailName;
  readonly limit: number;
  readonly value: number;

  constructor(guardrail: GuardrailName, limit: number, value: number, what: string) {
    super(what);
    this.guardrail = guardrail;
    this.limit = limit;
    this.value = value;
  }
}
