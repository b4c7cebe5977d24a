/** Days as people write them, whatever the machine is set to. */
const dateTimeFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** An instant in words, UTC: "20 Nov 2026" and "03:00". */
export function dayAndTime(instant: string): { readonly day: string; readonly time: string } {
  const date = new Date(instant);
  return { day: dateTimeFormat.format(date), time: date.toISOString().slice(11, 16) };
}

/** "20 Nov 2026, 03:00 to 11:00 UTC"; with both days where they differ. */
export function windowWords({
  since,
  until,
}: {
  readonly since: string;
  readonly until: string;
}): string {
  const [start, end] = [dayAndTime(since), dayAndTime(until)];
  const last = start.day === end.day ? end.time : `${end.day}, ${end.time}`;
  return `${start.day}, ${start.time} to ${last} UTC`;
}

/** "20 Nov 2026, 03:44 UTC". */
export function instantWords(instant: string): string {
  const { day, time } = dayAndTime(instant);
  return `${day}, ${time} UTC`;
}

/** "On 20 Nov 2026 from 03:00 to 11:00 UTC"; of several days "From 19 Nov 2026, 03:00 to 20 Nov 2026, 11:00 UTC". */
export function fromTo(window: { readonly since: string; readonly until: string }): string {
  const [start, end] = [dayAndTime(window.since), dayAndTime(window.until)];
  if (start.day !== end.day) return `From ${windowWords(window)}`;
  return `On ${start.day} from ${start.time} to ${end.time} UTC`;
}
