import { Copy } from "../parts/copy.tsx";
import type { Receiver } from "../state/answers.ts";

/** Nothing is stored yet: how to send it something, in lines that can be pasted. */
export function Empty({ receiver }: { readonly receiver: Receiver | undefined }) {
  const lines = receiver?.environment.join("\n") ?? "";
  return (
    <div class="empty">
      <h1>No calls yet</h1>
      <p>
        This receiver takes OpenTelemetry traces and keeps what each call to a language model cost.
        Prompts and answers are not stored. This page shows the first call as soon as it arrives.
      </p>
      <h2>Send traces to it</h2>
      <p>Set this where your service starts:</p>
      <pre>
        <code>{lines}</code>
      </pre>
      <Copy label="Copy these lines" text={() => lines} />
      <h2>A Node service without OpenTelemetry yet</h2>
      <pre>
        <code>
          {"npm install @spancost/instrumentation\n"}
          {"node --import @spancost/instrumentation/register app.js"}
        </code>
      </pre>
      <h2>See what it can do first</h2>
      <p>A week of a made-up company, with an incident in it:</p>
      <pre>
        <code>
          {"npx spancost demo\n"}
          {"npx spancost serve --db spancost-demo.duckdb --http-port 0 --grpc-port 0 --web-port 0"}
        </code>
      </pre>
      {receiver && (
        <p class="quiet-text">
          Database {receiver.db} · spancost {receiver.version}
        </p>
      )}
    </div>
  );
}
