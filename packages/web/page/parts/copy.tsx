import { useState } from "preact/hooks";

/** A button that copies a text. Where the browser does not let it, the text is shown to be copied by hand. */
export function Copy({ text, label }: { readonly text: () => string; readonly label: string }) {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
      setTimeout(() => setState("ready"), 2_000);
    } catch {
      setState("refused");
    }
  }
  return (
    <>
      <button type="button" class="quiet" onClick={copy}>
        {state === "copied" ? "Copied" : label}
      </button>
      <span class="hidden" role="status">
        {state === "copied" ? "Copied to the clipboard" : ""}
      </span>
      {state === "refused" && (
        <input
          class="copy"
          readOnly
          aria-label={label}
          value={text()}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </>
  );
}
