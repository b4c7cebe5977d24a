import { shared } from "./shared.ts";

/** What is used of an exporter of the SDK's. */
interface SpanExporter {
  export(spans: readonly unknown[], done: (result: ExportResult) => void): void;
}

/** Source: `ExportResult` of @opentelemetry/core; 0 is success. */
interface ExportResult {
  readonly code: number;
  readonly error?: unknown;
}

/** `exporter`, of which the self-check learns what became of the spans that it was given. */
export function watchExporter(exporter: object): object {
  const watched = exporter as SpanExporter;
  const send = watched.export.bind(watched);
  watched.export = (spans, done) => {
    const { seen } = shared;
    seen.spansGiven += spans.length;
    send(spans, (result) => {
      if (result.code === 0) seen.spansSent += spans.length;
      else {
        seen.spansLost += spans.length;
        shared.exportProblem = reasonOf(result.error);
      }
      done(result);
    });
  };
  return exporter;
}

/** Longest reason that is told. */
const maxReason = 120;

/** In one line. Of an error of several addresses, whose own message is empty, its code. */
function reasonOf(error: unknown): string {
  const { message = "", code } = (error ?? {}) as { message?: string; code?: string | number };
  const [line = ""] = message.split("\n");
  const text = line === "" ? String(code ?? "no reason is given") : line;
  return text.slice(0, maxReason);
}
