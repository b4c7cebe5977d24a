export type { Contract } from "./contract.ts";
export { type ParsedContract, parseContract } from "./parse-contract.ts";
export type { ContractProblem } from "./problems.ts";
