/** A Node of the matrix; the exact versions are in `runtimes.ts`. */
export type NodeLine = 20 | 22 | 24;

/** One combination of Node and OpenTelemetry that services run on, and what their project has installed. */
export interface Cell {
  readonly name: string;
  readonly node: NodeLine;
  /** Generation of the OpenTelemetry SDK; `npm` where the project names none and npm chooses for the package. */
  readonly otel: "2.x" | "3.x" | "npm";
  /** Direct dependencies of the project, beside the package under test. */
  readonly packages: Readonly<Record<string, string>>;
}

/** What the services are made of. Versions that run on each Node of the matrix. */
const clients = {
  "@anthropic-ai/sdk": "1.12.0",
  "ai-6": "npm:ai@6.0.322",
  "ai-6-openai": "npm:@ai-sdk/openai@3.0.141",
  express: "5.3.0",
  openai: "6.49.0",
  zod: "4.6.7",
};

/** Needs Node 22. */
const aiSdk7 = { "@ai-sdk/openai": "4.0.118", "@ai-sdk/otel": "1.0.173", ai: "7.0.173" };

const langGraph = {
  "@arizeai/openinference-instrumentation-langchain": "4.1.1",
  "@langchain/core": "1.4.0",
  "@langchain/langgraph": "1.7.3",
  "@langchain/openai": "1.5.8",
};

/** The last of the generation that runs on Node 20. */
const otel2 = {
  "@opentelemetry/api": "1.9.1",
  "@opentelemetry/exporter-trace-otlp-proto": "0.223.0",
  "@opentelemetry/instrumentation": "0.223.0",
  "@opentelemetry/instrumentation-http": "0.223.0",
  "@opentelemetry/instrumentation-openai": "0.21.0",
  "@opentelemetry/instrumentation-undici": "0.33.0",
  "@opentelemetry/sdk-node": "0.223.0",
  "@opentelemetry/sdk-trace-base": "2.12.0",
  "@opentelemetry/sdk-trace-node": "2.12.0",
};

const otel3 = {
  "@opentelemetry/api": "1.10.0",
  "@opentelemetry/context-async-hooks": "3.1.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.301.0",
  "@opentelemetry/instrumentation": "0.300.0",
  "@opentelemetry/instrumentation-http": "0.300.0",
  "@opentelemetry/instrumentation-openai": "0.22.0",
  "@opentelemetry/instrumentation-undici": "0.34.0",
  "@opentelemetry/sdk-node": "0.301.0",
  "@opentelemetry/sdk-trace": "3.1.0",
};

const everything2 = { "@opentelemetry/auto-instrumentations-node": "0.81.2" };

/** The repository's own Node with OpenTelemetry 2.x: what every test run looks at. */
export const quickCell: Cell = {
  name: "node24-otel2",
  node: 24,
  otel: "2.x",
  packages: { ...clients, ...aiSdk7, ...langGraph, ...otel2 },
};

/** A new project: what the package's README asks for, beside what a service is made of. */
export const blankCell: Cell = {
  name: "blank",
  node: 24,
  otel: "npm",
  packages: { express: clients.express, openai: clients.openai },
};

const compilers = {
  "@types/node": "24.19.2",
  "typescript-5": "npm:typescript@5.9.3",
  "typescript-7": "npm:typescript@7.0.2",
};

/** Projects whose TypeScript sees the types of both generations of OpenTelemetry. */
export const typedCells: readonly Cell[] = [
  {
    name: "types-otel2",
    node: 24,
    otel: "2.x",
    packages: {
      ...compilers,
      "@opentelemetry/api": otel2["@opentelemetry/api"],
      "@opentelemetry/sdk-node": otel2["@opentelemetry/sdk-node"],
      "@opentelemetry/sdk-trace-base": otel2["@opentelemetry/sdk-trace-base"],
    },
  },
  {
    name: "types-otel3",
    node: 24,
    otel: "3.x",
    packages: {
      ...compilers,
      "@opentelemetry/api": otel3["@opentelemetry/api"],
      "@opentelemetry/sdk-node": otel3["@opentelemetry/sdk-node"],
      "@opentelemetry/sdk-trace": otel3["@opentelemetry/sdk-trace"],
    },
  },
];

/** What judges the package as it would be published. */
export const judgesCell: Cell = {
  name: "judges",
  node: 24,
  otel: "npm",
  packages: { "@arethetypeswrong/cli": "0.18.5", publint: "0.3.25" },
};

/**
 * What the package is for: Node 20 to 24 with both generations of OpenTelemetry. There is no Node 20 with 3.x, which needs
 * Node 22.15.
 */
export const cells: readonly Cell[] = [
  {
    name: "node20-otel2",
    node: 20,
    otel: "2.x",
    packages: { ...clients, ...langGraph, ...otel2 },
  },
  {
    name: "node22-otel2",
    node: 22,
    otel: "2.x",
    packages: { ...clients, ...aiSdk7, ...langGraph, ...otel2 },
  },
  quickCell,
  {
    name: "node22-otel3",
    node: 22,
    otel: "3.x",
    packages: { ...clients, ...aiSdk7, ...langGraph, ...otel3 },
  },
  {
    name: "node24-otel3",
    node: 24,
    otel: "3.x",
    packages: { ...clients, ...aiSdk7, ...langGraph, ...otel3 },
  },
  {
    name: "node24-otel2-auto",
    node: 24,
    otel: "2.x",
    packages: { ...clients, ...aiSdk7, ...langGraph, ...otel2, ...everything2 },
  },
  // `npm install @spancost/instrumentation` and nothing else of OpenTelemetry.
  { name: "node20-npm", node: 20, otel: "npm", packages: { ...clients } },
  { name: "node24-npm", node: 24, otel: "npm", packages: { ...clients, ...aiSdk7 } },
  // Beside packages that bring old copies of OpenTelemetry's instrumentation base and import hook.
  { name: "node24-npm-old-hooks", node: 24, otel: "npm", packages: { ...clients, ...langGraph } },
  // The client's newest major.
  { name: "node24-npm-openai7", node: 24, otel: "npm", packages: { ...clients, openai: "7.57.0" } },
];
