export type { Finding, FindingCode, Severity } from "./doctor/finding.ts";
export { examineProcess } from "./doctor/process.ts";
export { examineProject } from "./doctor/project.ts";
