export type { FileProblem } from "../yaml/problems.ts";
export type { Contract } from "./contract.ts";
export { type ParsedContract, parseContract } from "./parse-contract.ts";
