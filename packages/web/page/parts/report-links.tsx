import { api } from "../state/ask.ts";

const forms = [
  ["HTML", "html", "html"],
  ["Markdown", "markdown", "md"],
  ["JSON", "json", "json"],
] as const;

/** The report on a window for a postmortem, as a file. */
export function ReportLinks(props: {
  readonly question: Readonly<Record<string, string | readonly string[] | undefined>>;
}) {
  const { since, until } = props.question;
  const name = `spancost-report-${plain(since)}-${plain(until)}`;
  return (
    <span class="beside">
      Report:
      {forms.map(([label, format, ending]) => (
        <a
          key={format}
          download={`${name}.${ending}`}
          href={api("report", { ...props.question, format })}
        >
          {label}
        </a>
      ))}
    </span>
  );
}

/** "20261120T0300": a time in the name of a file. */
function plain(time: unknown): string {
  return String(time).replaceAll(/[-:Z]/g, "");
}
