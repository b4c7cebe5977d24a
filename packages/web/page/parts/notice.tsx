import type { ComponentChildren } from "preact";
import { Words } from "./words.tsx";

/** Why there is no answer, in the server's own words. */
export function Failure({ error }: { readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="failure" role="alert">
      <strong>No answer.</strong> {error}
    </p>
  );
}

/** What the figures do not show. */
export function Warnings({ warnings }: { readonly warnings: readonly string[] | undefined }) {
  if (!warnings || warnings.length === 0) return null;
  return (
    <ul class="warnings">
      {warnings.map((warning) => (
        <li key={warning}>
          <Words text={warning} />
        </li>
      ))}
    </ul>
  );
}

/** That an answer is on its way. It takes no room of its own, so that nothing jumps. */
export function Progress({ isLoading }: { readonly isLoading: boolean }) {
  return (
    <div class="progress" role="status">
      {isLoading && <span class="hidden">Loading</span>}
      {isLoading && <i aria-hidden="true" />}
    </div>
  );
}

/** A part of a view under its title. */
export function Panel(props: {
  readonly id: string;
  readonly title: string;
  readonly beside?: ComponentChildren;
  readonly isLoading?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <section
      id={props.id}
      class="panel"
      aria-labelledby={`${props.id}-title`}
      aria-busy={props.isLoading ?? false}
    >
      <div class="panel-head">
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.beside}
      </div>
      <Progress isLoading={props.isLoading ?? false} />
      {props.children}
    </section>
  );
}
