export { documentOf } from "./document.ts";
export { Fields, isNode, type PlacedText, quoted, textOf } from "./fields.ts";
export { type FileProblem, listed, Problems, suggestion } from "./problems.ts";
